import { describe, expect, it } from 'vitest';
import { hsvToRgb, rgbToHsv } from '../../../../../renderer/engine/colour/hsv.ts';
import { fitToSrgb, isInSrgb, oklchToRgb, rgbToOklch } from '../../../../../renderer/engine/colour/oklch.ts';
import {
  linearToSrgb,
  parseHex,
  srgbToLinear,
  toByte,
  toHex,
} from '../../../../../renderer/engine/colour/srgb.ts';

const near = (values: readonly number[], want: readonly number[], digits = 4): void =>
  values.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, digits));

describe('colour', () => {
  it('reads and writes hexadecimal', () => {
    expect(toHex([1, 0.5, 0])).toBe('#ff8000');
    near(parseHex('#6ab8e4')!, [0x6a / 255, 0xb8 / 255, 0xe4 / 255], 9);
    near(parseHex('fA0')!, [1, 0xaa / 255, 0], 9);
    for (const text of ['', '#12', '#12345g', 'red', '#1234567']) expect(parseHex(text)).toBeNull();
    for (let i = 0; i < 256; i++) expect(toByte(i / 255)).toBe(i);
  });

  it('follows the sRGB transfer function', () => {
    // IEC 61966-2-1: 18% of white is encoded as 118 of 255.
    expect(linearToSrgb(0.18) * 255).toBeCloseTo(117.6, 0);
    expect(srgbToLinear(0.5)).toBeCloseTo(0.21404114, 7);
    for (let i = 0; i <= 255; i++) expect(linearToSrgb(srgbToLinear(i / 255))).toBeCloseTo(i / 255, 6);
  });

  it('turns HSV and RGB into each other', () => {
    near(rgbToHsv([1, 0, 0]), [0, 1, 1]);
    near(rgbToHsv([0, 0.5, 0.5]), [180, 1, 0.5]);
    near(rgbToHsv([0.4, 0.4, 0.4]), [0, 0, 0.4]);
    for (let r = 0; r <= 1; r += 0.25) {
      for (let g = 0; g <= 1; g += 0.25)
        for (let b = 0; b <= 1; b += 0.25) near(hsvToRgb(rgbToHsv([r, g, b])), [r, g, b], 9);
    }
    near(hsvToRgb([-60, 1, 1]), [1, 0, 1], 9);
  });

  it('agrees with CSS Color 4 on OKLCH', () => {
    // Sample values of the specification's own conversion code.
    near(rgbToOklch([1, 0, 0]), [0.62796, 0.25768, 29.2339], 3);
    near(rgbToOklch([0, 0, 1]), [0.45201, 0.31321, 264.052], 3);
    near(rgbToOklch([1, 1, 1]), [1, 0, 0], 3);
    for (const rgb of [
      [0.2, 0.4, 0.9],
      [1, 0.9, 0.1],
      [0.02, 0.01, 0],
    ] as const)
      near(oklchToRgb(rgbToOklch(rgb)), rgb, 5);
  });

  it('takes chroma out of what sRGB cannot show, and nothing else', () => {
    const wild = [0.7, 0.4, 150] as const;
    const [lightness, chroma, hue] = fitToSrgb(wild);
    expect([lightness, hue]).toEqual([0.7, 150]);
    expect(isInSrgb(oklchToRgb([lightness, chroma, hue]))).toBe(true);
    expect(isInSrgb(oklchToRgb([lightness, chroma + 0.005, hue]))).toBe(false);
    expect(fitToSrgb([0.7, 0.05, 150])).toEqual([0.7, 0.05, 150]);
  });
});
