import { inverse, multiply } from './matrix.ts';
import type { MatrixProfile } from './matrix-profile.ts';
import type { FlatPicture } from './raster.ts';

/** Steps of a table of encoded values by the root of light, so that dark ones have as many as they need. */
const STEPS = 65_535;
/** Halvings of an interval until a curve's argument is known to more than 16 bits. */
const HALVINGS = 24;

/** Converts RGBA of one depth to RGBA of the same. */
export type ConvertNumbers = (data: FlatPicture['data']) => FlatPicture['data'];

/**
 * What converts numbers between two profiles of curves and a matrix: media-relatively, in floating point. What the target
 * cannot show is cut.
 * @returns null where a profile is not for red, green and blue.
 */
export function matrixConverter(
  source: MatrixProfile,
  target: MatrixProfile,
  depth: FlatPicture['depth'],
): ConvertNumbers | null {
  const back = target.toSrgb && inverse(target.toSrgb);
  if (!source.toSrgb || !back) return null;
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = multiply(back, source.toSrgb);
  const maximum = depth === 8 ? 255 : 65_535;
  const light = source.curves.map((curve) =>
    Float64Array.from({ length: maximum + 1 }, (_, value) => curve(value / maximum)),
  );
  const encoded = target.curves.map((curve) => encodingTable(curve, maximum));
  const [lightRed, lightGreen, lightBlue] = light as [Float64Array, Float64Array, Float64Array];
  const [red, green, blue] = encoded as [Uint16Array, Uint16Array, Uint16Array];
  return (data) => {
    const out = data.slice();
    for (let i = 0; i < out.length; i += 4) {
      const r = lightRed[data[i] as number] as number;
      const g = lightGreen[data[i + 1] as number] as number;
      const b = lightBlue[data[i + 2] as number] as number;
      out[i] = red[step(m0 * r + m1 * g + m2 * b)] as number;
      out[i + 1] = green[step(m3 * r + m4 * g + m5 * b)] as number;
      out[i + 2] = blue[step(m6 * r + m7 * g + m8 * b)] as number;
    }
    return out;
  };
}

function step(light: number): number {
  return light <= 0 ? 0 : light >= 1 ? STEPS : (Math.sqrt(light) * STEPS + 0.5) | 0;
}

/** Numbers that a rising curve makes of light, by {@link step}. */
function encodingTable(curve: (value: number) => number, maximum: number): Uint16Array {
  return Uint16Array.from({ length: STEPS + 1 }, (_, at) => {
    const wanted = (at / STEPS) ** 2;
    let [low, high] = [0, 1];
    for (let round = 0; round < HALVINGS; round++) {
      const middle = (low + high) / 2;
      if (curve(middle) < wanted) low = middle;
      else high = middle;
    }
    return Math.round(((low + high) / 2) * maximum);
  });
}
