import { EngineError } from '../error.ts';
import type { Rect } from '../geometry/rect.ts';

/** Edge of a tile in pixels. */
export const TILE_SIZE = 256;

/** Tile coordinates lie within ± this bound (a canvas has at most 64 tiles a side; the rest is room to move). */
const TILE_COORDINATE_LIMIT = 1024;

/** How the pixels of a tile are stored. One exists today; 16-bit documents add a second. */
export interface PixelFormat {
  readonly id: 'rgba8';
  readonly channels: 4;
  readonly bytesPerPixel: number;
  /** Bytes of one tile. */
  readonly tileBytes: number;
  /** The largest stored value of a channel. */
  readonly maximum: number;
}

/**
 * 8 bits a channel, RGBA, straight (not premultiplied) alpha, encoded in the document's colour space (sRGB).
 * Straight, because 8-bit PNG and PSD store it so and must round trip exactly.
 */
export const RGBA8: PixelFormat = {
  id: 'rgba8',
  channels: 4,
  bytesPerPixel: 4,
  tileBytes: TILE_SIZE * TILE_SIZE * 4,
  maximum: 255,
};

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
export function checkTileChange(tile: TileChange, format: PixelFormat = RGBA8): void {
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
