import { expect, test } from 'vitest';
import { displayP3ToSrgb, srgbToDisplayP3 } from '../../../../../renderer/engine/colour/display-p3.ts';

test.each([
  // From CSS Color 4's own conversion of sRGB's primaries, rounded to bytes.
  [
    [255, 0, 0],
    [234, 51, 35],
  ],
  [
    [0, 255, 0],
    [117, 251, 76],
  ],
  [
    [0, 0, 255],
    [0, 0, 245],
  ],
  [
    [255, 255, 255],
    [255, 255, 255],
  ],
  [
    [128, 128, 128],
    [128, 128, 128],
  ],
])('sRGB %j is Display P3 %j', (srgb, p3) => {
  expect([...srgbToDisplayP3(Uint8Array.of(...srgb, 77))]).toEqual([...p3, 77]);
});

test('there and back is within 2 where a byte is no large step: not beside black', () => {
  const colours: number[] = [];
  for (let r = 60; r < 256; r += 3)
    for (let g = 60; g < 256; g += 15) for (let b = 60; b < 256; b += 13) colours.push(r, g, b, r);
  const rgba = Uint8Array.from(colours);
  const back = displayP3ToSrgb(srgbToDisplayP3(rgba));
  let worst = 0;
  for (let i = 0; i < rgba.length; i++) worst = Math.max(worst, Math.abs((back[i] ?? 0) - (rgba[i] ?? 0)));
  expect(worst).toBeLessThanOrEqual(2);
});

test('what lies beyond sRGB is clipped', () => {
  expect([...displayP3ToSrgb(Uint8Array.of(255, 0, 0, 255))]).toEqual([255, 0, 0, 255]);
});
