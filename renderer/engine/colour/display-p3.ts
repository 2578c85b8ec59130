import { linearToSrgb, srgbToLinear } from './srgb.ts';

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Linear light from one set of primaries to the other, both with white D65: CSS Color 4, §17. */
const SRGB_TO_P3: Matrix = [
  0.8224619687, 0.1775380313, 0, 0.0331941989, 0.9668058011, 0, 0.0170826307, 0.0723974407, 0.9105199286,
];
const P3_TO_SRGB: Matrix = [
  1.2249401763, -0.2249401763, 0, -0.0420569547, 1.0420569547, 0, -0.0196375546, -0.0786360456, 1.0982736002,
];

/** Steps of linear light between which an encoded byte is looked up: finer than its darkest step. */
const STEPS = 2 ** 14;
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => srgbToLinear(byte / 255));
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, step) =>
  Math.round(255 * linearToSrgb(step / STEPS)),
);

/** RGBA, 8 bits, straight alpha: the numbers by which Display P3 shows what sRGB shows. Alpha stays. */
export function srgbToDisplayP3(rgba: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  return convert(rgba, SRGB_TO_P3);
}

/** The other way; colours beyond sRGB are clipped, channel by channel. */
export function displayP3ToSrgb(rgba: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  return convert(rgba, P3_TO_SRGB);
}

function convert(rgba: Uint8Array | Uint8ClampedArray, m: Matrix): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const r = LINEAR[rgba[i] ?? 0] ?? 0;
    const g = LINEAR[rgba[i + 1] ?? 0] ?? 0;
    const b = LINEAR[rgba[i + 2] ?? 0] ?? 0;
    out[i] = encoded(m[0] * r + m[1] * g + m[2] * b);
    out[i + 1] = encoded(m[3] * r + m[4] * g + m[5] * b);
    out[i + 2] = encoded(m[6] * r + m[7] * g + m[8] * b);
    out[i + 3] = rgba[i + 3] ?? 0;
  }
  return out;
}

function encoded(linear: number): number {
  return ENCODED[Math.round(Math.min(1, Math.max(0, linear)) * STEPS)] ?? 0;
}
