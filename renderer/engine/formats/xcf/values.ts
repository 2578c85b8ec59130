import { type PixelFormat } from '../../tiles/tile.ts';
import { linearToSrgb } from '../../colour/srgb.ts';
import { FormatError } from '../picture-file.ts';

/** What the values of a picture are. */
export interface Precision {
  readonly valueBytes: 1 | 2 | 4;
  readonly isFloat: boolean;
  /** In linear light: sRGB's curve is put on. */
  readonly isLinear: boolean;
  /** Bits a channel that they come to here. */
  readonly depth: 8 | 16;
}

/** The precision of a number (GimpPrecision) in files of a version. @throws FormatError for those that are not read. */
export function precisionOf(number: number, version: number): Precision {
  if (version < 4) return { valueBytes: 1, isFloat: false, isLinear: false, depth: 8 };
  const isLinear = number % 100 === 0;
  const kind = Math.floor(number / 100);
  const known = number % 100 === 0 || number % 100 === 50;
  const whole = ([1, 2, 4] as const)[kind - 1];
  if (version >= 5 && known && whole !== undefined && kind >= 1)
    return { valueBytes: whole, isFloat: false, isLinear, depth: whole === 1 && !isLinear ? 8 : 16 };
  if (version >= 7 && known && kind === 6) return { valueBytes: 4, isFloat: true, isLinear, depth: 16 };
  throw new FormatError(
    'Its values are of a precision that is not read.',
    'Choose 8 or 16 bit integers in GIMP (Image, Precision) and save it again.',
  );
}

/** What a pixel of a layer is made of. */
export interface PixelKind {
  readonly base: 'rgb' | 'grey' | 'indexed';
  readonly hasAlpha: boolean;
}

/** Values of a pixel of that kind. */
export function channelsOf({ base, hasAlpha }: PixelKind): number {
  return (base === 'rgb' ? 3 : 1) + (hasAlpha ? 1 : 0);
}

/**
 * What makes the values of a layer those of a document: RGBA.
 * @param colours red, green, blue of each index.
 * @param bigEndian false for files before version 12.
 */
export function toColours(
  kind: PixelKind,
  precision: Precision,
  colours: Uint8Array,
  bigEndian: boolean,
): (data: Uint8Array, pixels: number) => Uint8Array | Uint16Array {
  const { base, hasAlpha } = kind;
  const channels = channelsOf(kind);
  return (data, pixels) => {
    const value = valueReader(data, precision, bigEndian);
    const maximum = precision.depth === 8 ? 255 : 65_535;
    const out = precision.depth === 8 ? new Uint8Array(pixels * 4) : new Uint16Array(pixels * 4);
    const colour = (at: number): number => {
      const read = value(at);
      return Math.round((precision.isLinear ? linearToSrgb(read) : read) * maximum);
    };
    for (let i = 0; i < pixels; i++) {
      const from = i * channels;
      for (let k = 0; k < 3; k++) {
        if (base === 'indexed') out[i * 4 + k] = colours[(data[from] as number) * 3 + k] ?? 0;
        else out[i * 4 + k] = colour(from + (base === 'rgb' ? k : 0));
      }
      out[i * 4 + 3] = hasAlpha ? Math.round(value(from + channels - 1) * maximum) : maximum;
    }
    return out;
  };
}

/** The same for a mask: one value a pixel, which counts as it is. */
export function toMask(
  precision: Precision,
  format: PixelFormat,
  bigEndian: boolean,
): (data: Uint8Array, pixels: number) => Uint8Array | Uint16Array {
  return (data, pixels) => {
    const value = valueReader(data, precision, bigEndian);
    const out = format.depth === 8 ? new Uint8Array(pixels) : new Uint16Array(pixels);
    for (let i = 0; i < pixels; i++) out[i] = Math.round(value(i) * format.maximum);
    return out;
  };
}

/** Reads the values of a tile as 0..1; those beyond are brought within. */
function valueReader(
  data: Uint8Array,
  { valueBytes, isFloat }: Precision,
  bigEndian: boolean,
): (at: number) => number {
  if (valueBytes === 1) return (at) => (data[at] as number) / 255;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (valueBytes === 2) return (at) => view.getUint16(at * 2, !bigEndian) / 65_535;
  if (!isFloat) return (at) => view.getUint32(at * 4, !bigEndian) / 0xffff_ffff;
  return (at) => {
    const read = view.getFloat32(at * 4, !bigEndian);
    return read >= 0 ? Math.min(1, read) : 0;
  };
}
