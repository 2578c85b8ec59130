import type { Rgb } from './srgb.ts';

/** Hue in degrees 0..360, saturation and value 0..1 (Smith 1978). */
export type Hsv = readonly [hue: number, saturation: number, value: number];

/** A grey has hue 0: keep the last hue yourself where a picker should not jump. */
export function rgbToHsv([r, g, b]: Rgb): Hsv {
  const value = Math.max(r, g, b);
  const chroma = value - Math.min(r, g, b);
  let hue = 0;
  if (chroma > 0) {
    if (value === r) hue = ((g - b) / chroma + 6) % 6;
    else if (value === g) hue = (b - r) / chroma + 2;
    else hue = (r - g) / chroma + 4;
  }
  return [hue * 60, value > 0 ? chroma / value : 0, value];
}

/** The inverse of `rgbToHsv`; any hue is wrapped. */
export function hsvToRgb([hue, saturation, value]: Hsv): Rgb {
  const channel = (n: number): number => {
    const k = (((n + hue / 60) % 6) + 6) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}
