import { EMPTY_RECT, unionRect, type Rect } from '../geometry/rect.ts';
import { convertTile } from './convert-tile.ts';
import { RGBA8, tileKey, tileKeyX, tileKeyY, tileRect, type PixelFormat } from './tile.ts';

/** The sparse pixels of one layer: a missing tile is transparent. Tiles are replaced, never written into. */
export class TileMap {
  readonly #tiles = new Map<number, Uint8Array>();
  #format: PixelFormat;

  constructor(format: PixelFormat = RGBA8) {
    this.#format = format;
  }

  /** How its tiles are stored. */
  get format(): PixelFormat {
    return this.#format;
  }

  /** Tiles held. */
  get size(): number {
    return this.#tiles.size;
  }

  /** Bytes held. */
  get bytes(): number {
    let sum = 0;
    for (const data of this.#tiles.values()) sum += data.byteLength;
    return sum;
  }

  /** The pixels of tile (tx, ty), or undefined when it is transparent. Do not write into them. */
  get(tx: number, ty: number): Uint8Array | undefined {
    return this.#tiles.get(tileKey(tx, ty));
  }

  /** Replaces a tile and returns what was there. Null removes it. */
  replace(tx: number, ty: number, data: Uint8Array | null): Uint8Array | null {
    const key = tileKey(tx, ty);
    const before = this.#tiles.get(key) ?? null;
    if (data === null) this.#tiles.delete(key);
    else this.#tiles.set(key, data);
    return before;
  }

  /** Stores every tile anew in another depth, rounding to the nearest value. */
  convert(format: PixelFormat): void {
    for (const [key, data] of this.#tiles) this.#tiles.set(key, convertTile(data, this.#format, format));
    this.#format = format;
  }

  /** Lets every tile go. */
  clear(): void {
    this.#tiles.clear();
  }

  /** Every tile, in no particular order. */
  *entries(): IterableIterator<{ x: number; y: number; data: Uint8Array }> {
    for (const [key, data] of this.#tiles) yield { x: tileKeyX(key), y: tileKeyY(key), data };
  }

  /** The smallest rectangle of whole tiles that holds every tile. */
  bounds(): Rect {
    let rect = EMPTY_RECT;
    for (const key of this.#tiles.keys()) rect = unionRect(rect, tileRect(tileKeyX(key), tileKeyY(key)));
    return rect;
  }
}
