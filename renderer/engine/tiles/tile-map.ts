import { EMPTY_RECT, unionRect, type Rect } from '../geometry/rect.ts';
import { convertTile } from './convert-tile.ts';
import { LONGEST_RUN, ReadAhead } from './read-ahead.ts';
import { StoredTile } from './stored-tile.ts';
import { RGBA8, tileKey, tileKeyX, tileKeyY, tileRect, type PixelFormat, type TileChange } from './tile.ts';

/** A tile of a layer and where it stands. */
class TileEntry {
  readonly x: number;
  readonly y: number;
  /** What holds its pixels. */
  readonly stored: StoredTile;
  readonly #next: () => readonly StoredTile[];

  /** @param next tiles that are likely to be looked at after it. */
  constructor(key: number, stored: StoredTile, next: () => readonly StoredTile[]) {
    this.x = tileKeyX(key);
    this.y = tileKeyY(key);
    this.stored = stored;
    this.#next = next;
  }

  /** Its pixels, unpacked for this one look. Do not write into them. */
  get data(): Uint8Array {
    if (!this.stored.isHere) this.stored.bring(this.#next());
    return this.stored.peek();
  }
}

/**
 * The sparse pixels of one layer: a missing tile is transparent. Tiles are replaced, never written into. Those that are
 * not looked at may be packed in memory (see stored-tile.ts); nobody who reads pixels notices.
 */
export class TileMap {
  readonly #tiles = new Map<number, StoredTile>();
  readonly #ahead = new ReadAhead();
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

  /** Bytes of its pixels, packed or not. */
  get bytes(): number {
    return this.#tiles.size * this.#format.tileBytes;
  }

  /** The pixels of tile (tx, ty), or undefined when it is transparent. Do not write into them. */
  get(tx: number, ty: number): Uint8Array | undefined {
    const tile = this.#tiles.get(tileKey(tx, ty));
    if (tile && !tile.isHere) tile.bring(this.#row(tx, ty, this.#ahead.at(tx, ty)));
    return tile?.pixels();
  }

  /** What holds the pixels of tile (tx, ty), for those who may not have to look at them. */
  storedAt(tx: number, ty: number): StoredTile | undefined {
    return this.#tiles.get(tileKey(tx, ty));
  }

  /** What holds the pixels of each tile. */
  stored(): Iterable<StoredTile> {
    return this.#tiles.values();
  }

  /** Puts a tile in place whose pixels are away; for a document that is being opened. */
  putAway(tx: number, ty: number, tile: StoredTile): void {
    this.#tiles.set(tileKey(tx, ty), tile);
  }

  /** Takes over another layer's tiles; pixels are shared, and stay packed. The maps have one format. */
  share(from: TileMap): void {
    for (const [key, tile] of from.#tiles) this.#tiles.set(key, tile);
  }

  /** Replaces a tile and returns what was there. Null removes it. */
  replace(tx: number, ty: number, data: Uint8Array | null): Uint8Array | null {
    const key = tileKey(tx, ty);
    const before = this.#tiles.get(key)?.peek() ?? null;
    if (data === null) this.#tiles.delete(key);
    else this.#tiles.set(key, StoredTile.of(data, this.#format));
    return before;
  }

  /** Stores every tile anew in another depth, rounding to the nearest value. */
  convert(format: PixelFormat): void {
    for (const [key, tile] of this.#tiles)
      this.#tiles.set(key, StoredTile.of(convertTile(tile.peek(), this.#format, format), format));
    this.#format = format;
  }

  /** Lets every tile go. */
  clear(): void {
    this.#tiles.clear();
  }

  /** Every tile as it is put back: pixels unpacked and held. */
  toChanges(): TileChange[] {
    return [...this.entries()].map(({ x, y, data }) => ({ x, y, data }));
  }

  /** Every tile, in no particular order. */
  *entries(): IterableIterator<TileEntry> {
    const keys = [...this.#tiles.keys()];
    for (const [at, key] of keys.entries()) {
      const tile = this.#tiles.get(key);
      const next = (): StoredTile[] =>
        keys.slice(at + 1, at + LONGEST_RUN).flatMap((other) => this.#tiles.get(other) ?? []);
      if (tile) yield new TileEntry(key, tile, next);
    }
  }

  /** Tiles of a row from a place on. */
  #row(tx: number, ty: number, length: number): StoredTile[] {
    return Array.from({ length }, (_, i) => this.#tiles.get(tileKey(tx + i, ty))).filter(
      (tile) => tile !== undefined,
    );
  }

  /** The smallest rectangle of whole tiles that holds every tile. */
  bounds(): Rect {
    let rect = EMPTY_RECT;
    for (const key of this.#tiles.keys()) rect = unionRect(rect, tileRect(tileKeyX(key), tileKeyY(key)));
    return rect;
  }
}
