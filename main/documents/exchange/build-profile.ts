import { applyMatrix, columns, inverse, type Matrix, multiply } from './matrix.ts';

/** Where colours lie, as x and y of CIE 1931. */
export interface Chromaticities {
  readonly white: readonly [number, number];
  readonly red: readonly [number, number];
  readonly green: readonly [number, number];
  readonly blue: readonly [number, number];
}

const D50 = [0.9642, 1, 0.8249] as const;
/** Cone responses after Bradford (ICC.1:2022, annex E). */
const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

/** Red, green, blue and white of sRGB (IEC 61966-2-1). */
export const SRGB_COLOURS: Chromaticities = {
  white: [0.3127, 0.329],
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

/** A curve of nothing but a gamma, as a tag ("curv", ICC.1:2022, 10.6). */
export function gammaCurve(gamma: number): Uint8Array {
  const out = join([tag('curv', [1]), new Uint8Array(4)]);
  new DataView(out.buffer).setUint16(12, Math.min(65_535, Math.round(gamma * 256)));
  return out;
}

/**
 * An ICC profile (version 2.1, ICC.1:1998) of red, green and blue by their places and one curve for all: what gAMA and
 * cHRM of a PNG or a grey profile say, in a form that others read.
 * @param trc the curve's tag.
 * @returns null where the places make no colour space.
 */
export function buildMatrixProfile(colours: Chromaticities, trc: Uint8Array): Uint8Array | null {
  const matrix = toD50(colours);
  if (!matrix) return null;
  const xyz = (values: readonly number[]): Uint8Array =>
    tag(
      'XYZ ',
      values.map((value) => Math.round(value * 65_536)),
    );
  const column = (k: number): number[] => [matrix[k], matrix[k + 3], matrix[k + 6]] as number[];
  return assemble([
    ['desc', description('Curve and primaries of a picture file')],
    ['cprt', join([ascii('text'), new Uint8Array(4), ascii('No copyright\0'), new Uint8Array(3)])],
    ['wtpt', xyz(D50)],
    ['rXYZ', xyz(column(0))],
    ['gXYZ', xyz(column(1))],
    ['bXYZ', xyz(column(2))],
    ['rTRC', trc],
    ['gTRC', trc],
    ['bTRC', trc],
  ]);
}

/** Light of the channels to XYZ with the white of D50. */
function toD50({ white, red, green, blue }: Chromaticities): Matrix | null {
  const whole = ([x, y]: readonly [number, number]): number[] => [x / y, 1, (1 - x - y) / y];
  if ([white, red, green, blue].some(([, y]) => !(y > 0))) return null;
  const primaries = columns(whole(red), whole(green), whole(blue));
  const back = inverse(primaries);
  const cones = inverse(BRADFORD);
  if (!back || !cones) return null;
  const amounts = applyMatrix(back, whole(white));
  const native = primaries.map((value, i) => value * (amounts[i % 3] as number)) as unknown as Matrix;
  const from = applyMatrix(BRADFORD, whole(white));
  const to = applyMatrix(BRADFORD, D50);
  const ratio = (k: number): number => (to[k] as number) / (from[k] as number);
  const adapt = multiply(cones, multiply([ratio(0), 0, 0, 0, ratio(1), 0, 0, 0, ratio(2)], BRADFORD));
  const result = multiply(adapt, native);
  // s15Fixed16Number (ICC.1:2022, 4.6) holds no more.
  return result.every((value) => Math.abs(value) < 32_768) ? result : null;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/** A tag of a type with numbers of 32 bits. */
function tag(type: string, values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 + values.length * 4));
  values.forEach((value, i) => view.setInt32(8 + i * 4, value));
  const out = new Uint8Array(view.buffer);
  out.set(ascii(type));
  return out;
}

/** A textDescriptionType (ICC.1:1998, 6.5.16), its Unicode and ScriptCode parts empty. */
function description(text: string): Uint8Array {
  const size = 12 + text.length + 1 + 8 + 3 + 67;
  const out = new Uint8Array((size + 3) & ~3);
  out.set(ascii('desc'));
  new DataView(out.buffer).setUint32(8, text.length + 1);
  out.set(ascii(text), 12);
  return out;
}

function assemble(tags: readonly (readonly [name: string, data: Uint8Array])[]): Uint8Array {
  const start = 128 + 4 + tags.length * 12;
  const size = tags.reduce((sum, [, data]) => sum + data.byteLength, start);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, size);
  view.setUint32(8, 0x02_10_00_00);
  out.set(ascii('mntrRGB XYZ '), 12);
  // A date has to be one; it is the same for all, so that equal pictures have equal profiles.
  [2020, 1, 1].forEach((value, i) => view.setUint16(24 + i * 2, value));
  out.set(ascii('acsp'), 36);
  D50.forEach((value, i) => view.setInt32(68 + i * 4, Math.round(value * 65_536)));
  view.setUint32(128, tags.length);
  let at = start;
  tags.forEach(([name, data], i) => {
    const entry = 132 + i * 12;
    out.set(ascii(name), entry);
    view.setUint32(entry + 4, at);
    view.setUint32(entry + 8, data.byteLength);
    out.set(data, at);
    at += data.byteLength;
  });
  return out;
}
