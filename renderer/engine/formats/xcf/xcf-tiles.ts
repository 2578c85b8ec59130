import { intersectRect, isEmptyRect, type Rect } from '../../geometry/rect.ts';
import { FormatError } from '../picture-file.ts';
import type { SmallTile } from '../small-tiles.ts';
import type { XcfReader } from './xcf-reader.ts';

/** Edge of GIMP's tiles; those at the right and the bottom are smaller. */
const EDGE = 64;
const MAX_LAYER_EDGE = 524_288;

/** How tiles are packed. */
export const PACKINGS = ['none', 'rle', 'zlib'] as const;
export type Packing = (typeof PACKINGS)[number];

/** How a layer's or a mask's tiles are read. */
export interface TileReading {
  readonly name: string;
  readonly packing: Packing;
  /** Values a pixel, and bytes of each. */
  readonly channels: number;
  readonly valueBytes: 1 | 2 | 4;
  readonly inflate: (data: Uint8Array, limit: number) => Uint8Array;
  /** Values, big-endian, as the document has them. */
  readonly convert: (data: Uint8Array, pixels: number) => Uint8Array | Uint16Array;
  /** Where the layer lies. */
  readonly x: number;
  readonly y: number;
  /** Tiles beyond are left out. */
  readonly within: Rect;
}

/**
 * Finds the tiles of a layer or a mask behind the pointer to its hierarchy; nothing is unpacked.
 * @throws FormatError
 */
export function findTiles(reader: XcfReader, hierarchy: number, reading: TileReading): SmallTile[] {
  const { name, channels, valueBytes, x, y, within } = reading;
  const pixelBytes = channels * valueBytes;
  reader.at = hierarchy;
  const [width, height, size] = [reader.uint32(), reader.uint32(), reader.uint32()];
  if (size !== pixelBytes)
    throw new FormatError(`Layer "${name}" has ${size} bytes a pixel where ${pixelBytes} are expected.`);
  if (!(width >= 1 && height >= 1 && width <= MAX_LAYER_EDGE && height <= MAX_LAYER_EDGE))
    throw new FormatError(`Layer "${name}" is ${width} × ${height} pixels, which cannot be.`);
  reader.at = reader.pointer();
  reader.at += 8;
  const tiles: SmallTile[] = [];
  for (let top = 0; top < height; top += EDGE) {
    for (let left = 0; left < width; left += EDGE) {
      const from = reader.pointer();
      if (from === 0) throw new FormatError(`Layer "${name}" lacks a tile at ${left}, ${top}.`);
      const place = {
        x: x + left,
        y: y + top,
        width: Math.min(EDGE, width - left),
        height: Math.min(EDGE, height - top),
      };
      if (isEmptyRect(intersectRect(place, within))) continue;
      const pixels = place.width * place.height;
      const read = (): Uint8Array | Uint16Array =>
        reading.convert(unpack(reader.bytes.subarray(from), pixels, pixelBytes, reading), pixels);
      tiles.push({ ...place, read });
    }
  }
  return tiles;
}

function unpack(
  packed: Uint8Array,
  pixels: number,
  pixelBytes: number,
  { packing, inflate, name }: TileReading,
): Uint8Array {
  const length = pixels * pixelBytes;
  const damaged = (): FormatError => new FormatError(`Layer "${name}" has a damaged tile.`);
  if (packing === 'rle') {
    const out = unpackRuns(packed, pixels, pixelBytes);
    if (!out) throw damaged();
    return out;
  }
  let out: Uint8Array;
  try {
    // Deflate makes a tile longer by a few bytes at most.
    out =
      packing === 'none'
        ? packed.subarray(0, length)
        : inflate(packed.subarray(0, length * 2 + 1024), length);
  } catch {
    throw damaged();
  }
  if (out.length !== length) throw damaged();
  return out;
}

/** Runs of each byte of all pixels, one byte of the pixel after the other; null where they are damaged. */
function unpackRuns(packed: Uint8Array, pixels: number, pixelBytes: number): Uint8Array | null {
  const out = new Uint8Array(pixels * pixelBytes);
  let at = 0;
  for (let k = 0; k < pixelBytes; k++) {
    for (let i = 0; i < pixels;) {
      const control = packed[at++];
      if (control === undefined) return null;
      const isLiteral = control >= 128;
      let count = isLiteral ? 256 - control : control + 1;
      // Longer ones have their length behind.
      if (count === 128) {
        count = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
        at += 2;
      }
      const needed = isLiteral ? count : 1;
      if (count === 0 || i + count > pixels || at + needed > packed.length) return null;
      for (let n = 0; n < count; n++)
        out[(i + n) * pixelBytes + k] = packed[isLiteral ? at + n : at] as number;
      at += needed;
      i += count;
    }
  }
  return out;
}
