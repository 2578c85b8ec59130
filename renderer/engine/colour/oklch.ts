import { linearToSrgb, srgbToLinear, type Rgb } from './srgb.ts';

/** Lightness 0..1, chroma 0..about 0.37 in sRGB, hue in degrees 0..360 (Ottosson 2020, CSS Color 4 section 9). */
export type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** sRGB to OKLCH. */
export function rgbToOklch(rgb: Rgb): Oklch {
  const [r, g, b] = [srgbToLinear(rgb[0]), srgbToLinear(rgb[1]), srgbToLinear(rgb[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const greenRed = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const blueYellow = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const chroma = Math.hypot(greenRed, blueYellow);
  const hue = (Math.atan2(blueYellow, greenRed) * 180) / Math.PI;
  return [lightness, chroma, chroma < 1e-7 ? 0 : (hue + 360) % 360];
}

/** OKLCH to sRGB; channels lie outside 0..1 where sRGB cannot show the colour. */
export function oklchToRgb([lightness, chroma, hue]: Oklch): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    linearToSrgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    linearToSrgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    linearToSrgb(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** True when sRGB can show the colour, with room for rounding. */
export function isInSrgb(rgb: Rgb): boolean {
  return rgb.every((value) => value >= -1e-4 && value <= 1 + 1e-4);
}

/** The same lightness and hue with as much of the chroma as sRGB can show. */
export function fitToSrgb(colour: Oklch): Oklch {
  if (isInSrgb(oklchToRgb(colour))) return colour;
  let low = 0;
  let high = colour[1];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (isInSrgb(oklchToRgb([colour[0], middle, colour[2]]))) low = middle;
    else high = middle;
  }
  return [colour[0], low, colour[2]];
}
