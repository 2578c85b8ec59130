import { EngineError } from '../error.ts';
import type { Rect } from '../geometry/rect.ts';

/** Edge of a tile in pixels. */
export const TILE_SIZE = 256;

/** Tile coordinates lie within ± this bound (a canvas has at most 64 tiles a side; the rest is room to move). */
const TILE_COORDINATE_LIMIT = 1024;

/** Bits a channel of a document. */
export type BitDepth = 8 | 16;

/**
 * How the pixels of a tile are stored. Tiles are bytes everywhere (history, journal and wire share them); the format says
 * how many bytes a channel has. 16-bit channels go from 0 to 65535, low byte first.
 */
export interface PixelFormat {
  readonly id: 'rgba8' | 'rgba16' | 'grey8' | 'grey16';
  readonly depth: BitDepth;
  readonly channels: 4 | 1;
  readonly bytesPerPixel: number;
  /** Bytes of one tile. */
  readonly tileBytes: number;
  /** The largest stored value of a channel. */
  readonly maximum: number;
}

function format(id: PixelFormat['id'], depth: BitDepth, channels: 4 | 1): PixelFormat {
  const bytesPerPixel = (channels * depth) / 8;
  const tileBytes = TILE_SIZE * TILE_SIZE * bytesPerPixel;
  return { id, depth, channels, bytesPerPixel, tileBytes, maximum: 2 ** depth - 1 };
}

/**
 * 8 bits a channel, RGBA, straight (not premultiplied) alpha, encoded in the document's colour space.
 * Straight, because 8-bit PNG and PSD store it so and must round trip exactly.
 */
export const RGBA8: PixelFormat = format('rgba8', 8, 4);

/** The same with 16 bits a channel. */
export const RGBA16: PixelFormat = format('rgba16', 16, 4);

const GREY8: PixelFormat = format('grey8', 8, 1);
const GREY16: PixelFormat = format('grey16', 16, 1);

/** Format of a layer's pixels in a document of this depth. */
export function colourFormat(depth: BitDepth): PixelFormat {
  return depth === 8 ? RGBA8 : RGBA16;
}

/** Format of a layer's mask in a document of this depth: one channel, the maximum shows all. */
export function maskFormat(depth: BitDepth): PixelFormat {
  return depth === 8 ? GREY8 : GREY16;
}

/** The channels of a tile as numbers, `maximum` of its format at most. */
export type Samples = Uint8Array | Uint16Array;

/** A tile's channels, seen and not copied. @param data as `alignedTile` gives it. */
export function tileSamples(data: Uint8Array, { depth }: PixelFormat): Samples {
  return depth === 8 ? data : new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
}

/** Pixels of one tile, row by row. Immutable once given to a document: history shares the same arrays. */
export type TilePixels = Uint8Array | Uint8ClampedArray;

/** One tile of a layer to be replaced; `data` null means transparent (the tile goes away). */
export interface TileChange {
  /** Tile coordinates (not pixels): tile (x, y) covers pixels from (256x, 256y). May be negative. */
  x: number;
  y: number;
  data: Uint8Array | null;
}

const KEY_SPAN = 4 * TILE_COORDINATE_LIMIT;

/** The map key of a tile: one small integer, so that no string is made per lookup. |tx|, |ty| < 2048. */
export function tileKey(tx: number, ty: number): number {
  return (ty + KEY_SPAN / 2) * KEY_SPAN + (tx + KEY_SPAN / 2);
}

/** Tile column of a key. */
export function tileKeyX(key: number): number {
  return (key % KEY_SPAN) - KEY_SPAN / 2;
}

/** Tile row of a key. */
export function tileKeyY(key: number): number {
  return Math.floor(key / KEY_SPAN) - KEY_SPAN / 2;
}

/**
 * Checks one tile of a change.
 * @throws EngineError `invalid-tile` when a coordinate is not a whole number within bounds or the data has a wrong length.
 */
export function checkTileChange(tile: TileChange, format: PixelFormat): void {
  for (const coordinate of [tile.x, tile.y]) {
    if (!Number.isInteger(coordinate) || Math.abs(coordinate) > TILE_COORDINATE_LIMIT) {
      throw new EngineError('invalid-tile', `A tile stands at (${tile.x}, ${tile.y}), outside any document.`);
    }
  }
  if (tile.data !== null && tile.data.length !== format.tileBytes) {
    throw new EngineError(
      'invalid-tile',
      `Tile (${tile.x}, ${tile.y}) has ${tile.data.length} bytes; a tile has ${format.tileBytes}.`,
    );
  }
}

/**
 * A tile's pixels as 65,536 words, red in the low byte (every platform that Impasto runs on is little-endian).
 * @param data must start at a multiple of four in its buffer, as `alignedTile` sees to.
 */
export function tileWords(data: Uint8Array): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

/** The same pixels in an array that can be read as words: itself, or a copy when it is cut out of a larger message. */
export function alignedTile(data: Uint8Array): Uint8Array {
  return data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
}

/** The pixels that a tile covers. */
export function tileRect(tx: number, ty: number): Rect {
  return { x: tx * TILE_SIZE, y: ty * TILE_SIZE, width: TILE_SIZE, height: TILE_SIZE };
}

/** The range of tiles that a pixel rectangle touches; `x1`, `y1` exclusive. */
export function tileRange(rect: Rect): { x0: number; y0: number; x1: number; y1: number } {
  return {
    x0: Math.floor(rect.x / TILE_SIZE),
    y0: Math.floor(rect.y / TILE_SIZE),
    x1: Math.ceil((rect.x + rect.width) / TILE_SIZE),
    y1: Math.ceil((rect.y + rect.height) / TILE_SIZE),
  };
}
