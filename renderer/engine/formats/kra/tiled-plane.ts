import { intersectRect, isEmptyRect, type Rect } from '../../geometry/rect.ts';
import type { PixelFormat } from '../../tiles/tile.ts';
import { FormatError, MAX_EDGE } from '../picture-file.ts';
import type { SmallTile } from '../small-tiles.ts';
import { unpackLzf } from './lzf.ts';

/** Edge of Krita's tiles. */
const EDGE = 64;
const COUNT = EDGE * EDGE;
/** Most tiles of a layer: of the largest canvas, with as much again around it. */
const MAX_TILES = 9 * (MAX_EDGE / EDGE) ** 2;
/** Longest line of text in such a file. */
const MAX_LINE = 64;
/** First byte of a tile's data: as it is, or packed with the bytes of all pixels sorted by their place in the pixel. */
const RAW = 0;
const PACKED = 1;

/** How a plane is laid out in Krita's file and is wanted here. */
export interface PlaneLayout {
  readonly name: string;
  readonly format: PixelFormat;
  /** Which value of Krita's pixel each channel is. */
  readonly order: readonly number[];
  /** Bytes of one of Krita's values: 1 or 2, low byte first. */
  readonly valueBytes: 1 | 2;
  /** Where the plane's (0, 0) lies on the canvas. */
  readonly x: number;
  readonly y: number;
  /** Tiles beyond are left out. */
  readonly within: Rect;
}

/**
 * Finds the tiles in a file of a layer's or a mask's pixels (Krita's libs/image/tiles3, version 2 of its file); nothing is unpacked.
 * Of two at one place the last counts.
 * @throws FormatError
 */
export function parseTiledPlane(bytes: Uint8Array, layout: PlaneLayout): SmallTile[] {
  let at = 0;
  const broken = (what: string): FormatError => new FormatError(`Layer "${layout.name}" ${what}.`);
  const line = (): string => {
    const end = bytes.subarray(at, at + MAX_LINE).indexOf(10);
    if (end < 0) throw broken('is cut off');
    const text = String.fromCharCode(...bytes.subarray(at, at + end));
    at += end + 1;
    return text;
  };
  const field = (wanted: string): number => {
    const [key, value] = line().split(' ');
    if (key !== wanted) throw broken(`has no ${wanted} where it is expected`);
    return Number(value);
  };
  if (field('VERSION') !== 2) throw broken('is of a version that is not read');
  if (field('TILEWIDTH') !== EDGE || field('TILEHEIGHT') !== EDGE)
    throw broken('has tiles of a size that is not read');
  const size = field('PIXELSIZE');
  const pixelSize = layout.order.length * layout.valueBytes;
  if (size !== pixelSize) throw broken(`has ${size} bytes a pixel where ${pixelSize} are expected`);
  const count = field('DATA');
  if (!(count <= MAX_TILES)) throw broken(`claims ${count} tiles, which cannot be`);
  const tiles = new Map<string, SmallTile>();
  for (let i = 0; i < count; i++) {
    const [left, top, packing, length] = line().split(',');
    const [x, y, byteLength] = [Number(left), Number(top), Number(length)];
    if (packing !== 'LZF' || !(byteLength >= 1) || at + byteLength > bytes.length)
      throw broken('has a tile that is not there or packed otherwise');
    if (!Number.isInteger(x / EDGE) || !Number.isInteger(y / EDGE))
      throw broken('has a tile at a place where none can be');
    const data = bytes.subarray(at, at + byteLength);
    at += byteLength;
    const place = { x: x + layout.x, y: y + layout.y, width: EDGE, height: EDGE };
    if (isEmptyRect(intersectRect(place, layout.within))) continue;
    const read = (): Uint8Array | Uint16Array => {
      const values = unpackTile(data, pixelSize);
      if (!values) throw broken(`has a damaged tile at ${x}, ${y}`);
      return inOrder(values, layout);
    };
    tiles.set(`${x},${y}`, { ...place, read });
  }
  return [...tiles.values()];
}

/** A tile's bytes, sorted by their place in the pixel; null where they are damaged. */
function unpackTile(data: Uint8Array, pixelSize: number): Uint8Array | null {
  const rest = data.subarray(1);
  const length = COUNT * pixelSize;
  if (data[0] === PACKED) return unpackLzf(rest, length);
  if (data[0] !== RAW || rest.length !== length) return null;
  const sorted = new Uint8Array(length);
  for (let i = 0; i < length; i++)
    sorted[(i % pixelSize) * COUNT + Math.floor(i / pixelSize)] = rest[i] as number;
  return sorted;
}

/** Values pixel by pixel, as the format has them. */
function inOrder(values: Uint8Array, { format, order, valueBytes }: PlaneLayout): Uint8Array | Uint16Array {
  const { channels } = format;
  const out = format.depth === 8 ? new Uint8Array(COUNT * channels) : new Uint16Array(COUNT * channels);
  // A mask of 8 bits in a document of 16.
  const scale = format.depth === 16 && valueBytes === 1 ? 257 : 1;
  for (let k = 0; k < channels; k++) {
    const plane = (order[k] as number) * valueBytes * COUNT;
    for (let i = 0; i < COUNT; i++) {
      const low = values[plane + i] as number;
      out[i * channels + k] =
        valueBytes === 2 ? low | ((values[plane + COUNT + i] as number) << 8) : low * scale;
    }
  }
  return out;
}
