import { hsvToRgb, rgbToHsv } from '../colour/hsv.ts';
import { compileCurve, sampleCurve, type CurvePoints } from '../brush/curve.ts';

/** Changes the three bytes of a pixel at an index; alpha stays. */
export type Adjustment = (pixels: Uint8Array, at: number) => void;

function byTables(red: Uint8Array, green: Uint8Array, blue: Uint8Array): Adjustment {
  return (pixels, at) => {
    pixels[at] = red[pixels[at] as number] as number;
    pixels[at + 1] = green[pixels[at + 1] as number] as number;
    pixels[at + 2] = blue[pixels[at + 2] as number] as number;
  };
}

function table(of: (value: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) =>
    Math.min(255, Math.max(0, Math.round(of(i / 255) * 255))),
  );
}

/** White becomes black and so on. */
export function invert(): Adjustment {
  const inverse = table((value) => 1 - value);
  return byTables(inverse, inverse, inverse);
}

/**
 * Levels: `black`..`white` (0..1) is spread to `outBlack`..`outWhite`, with a gamma between (0.1..10; 1 is straight).
 */
export function levels(black: number, white: number, gamma: number, outBlack = 0, outWhite = 1): Adjustment {
  const span = Math.max(1 / 255, white - black);
  const power = 1 / Math.min(10, Math.max(0.1, gamma));
  const spread = table(
    (value) => outBlack + (outWhite - outBlack) * Math.min(1, Math.max(0, (value - black) / span)) ** power,
  );
  return byTables(spread, spread, spread);
}

/** Curves: one for all channels, then one for each. */
export function curves(
  all: CurvePoints,
  red?: CurvePoints,
  green?: CurvePoints,
  blue?: CurvePoints,
): Adjustment {
  const master = compileCurve(all);
  const channel = (points: CurvePoints | undefined): Uint8Array => {
    const own = points ? compileCurve(points) : null;
    return table((value) => {
      const first = sampleCurve(master, value);
      return own ? sampleCurve(own, first) : first;
    });
  };
  return byTables(channel(red), channel(green), channel(blue));
}

/**
 * Turns the hue by degrees, scales saturation by 1 + `saturation` and moves lightness towards black (-1) or white (1);
 * the last two within -1..1.
 */
export function hueSaturation(degrees: number, saturation: number, lightness: number): Adjustment {
  const towards = lightness < 0 ? 0 : 255;
  const share = Math.min(1, Math.abs(lightness));
  return (pixels, at) => {
    const [hue, full, value] = rgbToHsv([
      (pixels[at] as number) / 255,
      (pixels[at + 1] as number) / 255,
      (pixels[at + 2] as number) / 255,
    ]);
    const rgb = hsvToRgb([hue + degrees, Math.min(1, Math.max(0, full * (1 + saturation))), value]);
    for (let k = 0; k < 3; k++) {
      const changed = (rgb[k] as number) * 255;
      pixels[at + k] = Math.round(changed + (towards - changed) * share);
    }
  };
}

/** Shifts of cyan-red, magenta-green and yellow-blue, each -1..1, for dark, middle and light tones. */
export interface ColourBalance {
  readonly shadows: readonly [number, number, number];
  readonly midtones: readonly [number, number, number];
  readonly highlights: readonly [number, number, number];
}

/** Colour balance: each tone's shift by how much a value belongs to it. */
export function colourBalance({ shadows, midtones, highlights }: ColourBalance): Adjustment {
  const channel = (k: 0 | 1 | 2): Uint8Array =>
    table((value) => {
      const dark = (1 - value) ** 2;
      const light = value ** 2;
      const middle = 2 * value * (1 - value);
      return value + 0.5 * (dark * shadows[k] + 2 * middle * midtones[k] + light * highlights[k]);
    });
  return byTables(channel(0), channel(1), channel(2));
}

/** Colours by lightness (the luma of W3C's Lum): `stops` from dark to light, evenly spaced, at least one. */
export function gradientMap(stops: readonly (readonly [number, number, number])[]): Adjustment {
  const ramp = (k: 0 | 1 | 2): Uint8Array =>
    table((value) => {
      const at = value * (stops.length - 1);
      const low = stops[Math.floor(at)]?.[k] ?? 0;
      const high = stops[Math.min(stops.length - 1, Math.floor(at) + 1)]?.[k] ?? low;
      return (low + (high - low) * (at - Math.floor(at))) / 255;
    });
  const [red, green, blue] = [ramp(0), ramp(1), ramp(2)];
  return (pixels, at) => {
    const luma =
      0.3 * (pixels[at] as number) + 0.59 * (pixels[at + 1] as number) + 0.11 * (pixels[at + 2] as number);
    const index = Math.min(255, Math.round(luma));
    pixels[at] = red[index] as number;
    pixels[at + 1] = green[index] as number;
    pixels[at + 2] = blue[index] as number;
  };
}
