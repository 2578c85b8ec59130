import { expect, test } from 'vitest';
import { toPlanes, toRgba } from '../../../../../main/inference/stages/pixels.ts';

test('every 8-bit value survives the way to the network and back', () => {
  const rgba = new Uint8Array(256 * 4).fill(255);
  for (let i = 0; i < 256; i += 1) rgba.set([i, 255 - i, (i * 7) % 256], i * 4);
  const image = { width: 16, height: 16, rgba };
  expect(toRgba(toPlanes(image), 16, 16)).toEqual(image);
});

test('white is 1, black -1, and planes follow one another', () => {
  const planes = toPlanes({ width: 2, height: 1, rgba: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 255) });
  expect([...planes]).toEqual([1, -1, -1, 1, -1, -1]);
});

test('transparent pixels are laid on white', () => {
  const planes = toPlanes({ width: 2, height: 1, rgba: Uint8Array.of(9, 9, 9, 0, 0, 0, 0, 51) });
  expect(planes[0]).toBe(1);
  expect(planes[1]).toBeCloseTo((255 * 0.8) / 127.5 - 1, 6);
});

test('values are rounded to the nearest, halves to the even byte, and cut at both ends', () => {
  const value = (byte: number): number => (byte / 255 - 0.5) * 2;
  const planes = Float32Array.of(-7, 7, value(100.4), value(100.6), value(0), value(255));
  const grey = toRgba(Float32Array.from([...planes, ...planes, ...planes]), 6, 1);
  expect([0, 1, 2, 3, 4, 5].map((i) => grey.rgba[4 * i])).toEqual([0, 255, 100, 101, 0, 255]);
  // 0.0 is 127.5, which lies between 127 and the even 128.
  expect(toRgba(new Float32Array(3), 1, 1).rgba[0]).toBe(128);
});
