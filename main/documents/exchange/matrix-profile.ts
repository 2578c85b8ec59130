import { linearToSrgb } from '../../../renderer/engine/colour/srgb.ts';
import { buildMatrixProfile, SRGB_COLOURS } from './build-profile.ts';
import { columns, type Matrix, multiply } from './matrix.ts';

/** XYZ with the white of D50 to linear sRGB: the inverse of the columns of every sRGB profile (ICC.1:2022, annex E; D50-adapted). */
const XYZ_TO_SRGB: Matrix = [
  3.133_856_4, -1.616_866_8, -0.490_614_8, -0.978_768_6, 1.916_141_6, 0.033_454_1, 0.071_945_2, -0.228_991_3,
  1.405_242_7,
];

/** How the numbers of a picture become light. */
export interface MatrixProfile {
  /** Each channel's number to light, 0..1 and beyond; one for grey, three for red, green and blue. */
  readonly curves: readonly ((value: number) => number)[];
  /** Light of the channels to linear sRGB; null for grey. */
  readonly toSrgb: Matrix | null;
}

/**
 * A profile's curves and matrix (ICC.1:2022, 8.3.3 and 8.4: "three-component matrix-based" and "monochrome"); null for
 * profiles that work otherwise, and broken ones.
 */
export function matrixProfile(profile: Uint8Array): MatrixProfile | null {
  const tags = tagsOf(profile);
  const grey = tags.get('kTRC');
  if (grey) {
    const curve = curveOf(grey);
    return curve && { curves: [curve], toSrgb: null };
  }
  // Where there is a table it counts, and the matrix is for those who cannot read it.
  if (tags.has('A2B0') || tags.has('A2B1')) return null;
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(tags.get(name)));
  const places = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyzOf(tags.get(name)));
  if (curves.includes(null) || places.includes(null)) return null;
  const toXyz = columns(...(places as [number[], number[], number[]]));
  return { curves: curves as MatrixProfile['curves'], toSrgb: multiply(XYZ_TO_SRGB, toXyz) };
}

/**
 * A grey profile in red, green and blue, so that numbers may stay as they are when grey becomes colour.
 * @returns null where it means what sRGB means, or is none.
 */
export function rgbProfileOfGrey(profile: Uint8Array): Uint8Array | null {
  const tag = tagsOf(profile).get('kTRC');
  const curve = curveOf(tag);
  if (!tag || !curve) return null;
  const isSrgb = Array.from({ length: 33 }, (_, i) => i / 32).every(
    (value) => Math.abs(linearToSrgb(curve(value)) - value) < 0.01,
  );
  return isSrgb ? null : buildMatrixProfile(SRGB_COLOURS, padded(tag));
}

/** To a multiple of four bytes, as tags stand in a profile. */
function padded(tag: Uint8Array): Uint8Array {
  const out = new Uint8Array((tag.byteLength + 3) & ~3);
  out.set(tag);
  return out;
}

/**
 * Numbers of a pixel as a profile means them, in sRGB; what sRGB cannot show is cut.
 * @param values one or three of them from `at`.
 * @param out gets three, 0..65535, from `to`.
 */
export function writeSrgb(
  { curves, toSrgb: matrix }: MatrixProfile,
  values: Float32Array,
  at: number,
  out: Uint16Array,
  to: number,
): void {
  const light = (k: number): number => (curves[k] as (value: number) => number)(values[at + k] as number);
  const red = light(0);
  const green = matrix ? light(1) : red;
  const blue = matrix ? light(2) : red;
  for (let k = 0; k < 3; k++) {
    const row = k * 3;
    const shown = matrix
      ? (matrix[row] as number) * red +
        (matrix[row + 1] as number) * green +
        (matrix[row + 2] as number) * blue
      : red;
    out[to + k] = Math.round(linearToSrgb(Math.min(1, Math.max(0, shown || 0))) * 65_535);
  }
}

/** Light of linear sRGB: what floating-point pictures without a profile hold. */
export const LINEAR_SRGB: MatrixProfile = {
  curves: [same, same, same],
  toSrgb: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** The same without colour. */
export const LINEAR_GREY: MatrixProfile = { curves: [same], toSrgb: null };

function same(value: number): number {
  return value;
}

function tagsOf(profile: Uint8Array): Map<string, Uint8Array> {
  const tags = new Map<string, Uint8Array>();
  if (profile.byteLength < 132) return tags;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const count = Math.min(view.getUint32(128), 100);
  for (let at = 132; at < 132 + count * 12 && at + 12 <= profile.byteLength; at += 12) {
    const name = String.fromCharCode(...profile.subarray(at, at + 4));
    const start = view.getUint32(at + 4);
    const end = start + view.getUint32(at + 8);
    if (end <= profile.byteLength && end - start >= 12) tags.set(name, profile.subarray(start, end));
  }
  return tags;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** s15Fixed16Number (4.6). */
function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}

function xyzOf(tag: Uint8Array | undefined): number[] | null {
  if (!tag || tag.byteLength < 20) return null;
  const view = viewOf(tag);
  return [8, 12, 16].map((at) => fixed(view, at));
}

/** A curve of the types "curv" (10.6) and "para" (10.18). */
function curveOf(tag: Uint8Array | undefined): ((value: number) => number) | null {
  if (!tag) return null;
  const view = viewOf(tag);
  const type = String.fromCharCode(...tag.subarray(0, 4));
  if (type === 'curv') return tableCurve(view);
  return type === 'para' ? parametricCurve(view) : null;
}

function tableCurve(view: DataView): ((value: number) => number) | null {
  const count = view.getUint32(8);
  if (count === 0) return same;
  if (view.byteLength < 12 + count * 2) return null;
  if (count === 1) {
    const gamma = view.getUint16(12) / 256;
    return (value) => Math.max(0, value) ** gamma;
  }
  return (value) => {
    const place = Math.min(1, Math.max(0, value)) * (count - 1);
    const low = Math.min(count - 2, Math.floor(place));
    const from = view.getUint16(12 + low * 2);
    return (from + (view.getUint16(14 + low * 2) - from) * (place - low)) / 65_535;
  };
}

/** How many numbers each function type has (table 68). */
const PARAMETERS = [1, 3, 4, 5, 7] as const;

function parametricCurve(view: DataView): ((value: number) => number) | null {
  const type = view.getUint16(8);
  const count = PARAMETERS[type];
  if (count === undefined || view.byteLength < 12 + count * 4) return null;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, i) =>
    fixed(view, 12 + i * 4),
  );
  const power = (value: number): number => Math.max(0, a * value + b) ** g;
  switch (type) {
    case 0:
      return (value) => Math.max(0, value) ** g;
    case 1:
      return (value) => (value >= -b / a ? power(value) : 0);
    case 2:
      return (value) => (value >= -b / a ? power(value) + c : c);
    case 3:
      return (value) => (value >= d ? power(value) : c * value);
    default:
      return (value) => (value >= d ? power(value) + e : c * value + f);
  }
}
