import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import { RGBA8, TILE_SIZE, tileKey, tileKeyX, tileKeyY, tileRange, tileRect } from '../tiles/tile.ts';
import type { FollowedDamage } from './cpu.ts';
import { averageSquares, toStraight } from './shrink.ts';
import type { AlphaFormat } from './write-pixels.ts';

/** What levels are drawn from: a compositor. */
export interface LevelSource {
  /** @param keep false where what is made on the way would fill the memory of those who paint. */
  render(
    rect: Rect,
    out: Uint8Array | Uint8ClampedArray,
    format?: AlphaFormat,
    stride?: number,
    keep?: boolean,
  ): void;
  /** Tiles with equal words look the same; null where nothing is known. */
  likeness(tx: number, ty: number): string | null;
  /** The tiles that a tile is made of and that are not in memory. */
  absent(tx: number, ty: number): readonly StoredTile[];
  /** One of those that are in memory, packed; undefined where none is. */
  packed(tx: number, ty: number): StoredTile | undefined;
}

/** Pixels of a level: RGBA8, straight. */
export interface LevelPiece {
  /** In pixels of the level. */
  readonly rect: Rect;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Deepest level: 1/32, below the smallest zoom of 3%. */
export const DEEPEST_LEVEL = 5;

/** The finest level that is kept for the whole document: 4 KiB a tile, 16 MiB for 16384 × 16384 pixels. */
const KEPT_LEVEL = 3;
const KEPT_EDGE = TILE_SIZE >> KEPT_LEVEL;

/** Layers of which a whole tile takes some three milliseconds: half of one each, of the usual modes a little more. */
const FEW = 5;
const MANY = 4 * FEW;

/** Bytes of pieces that are kept because tiles elsewhere look the same. */
const ALIKE_BYTES = 8 * 1024 * 1024;

/** The level to draw at a zoom: the smallest picture that is not smaller than the screen's. Level k is 1/2^k. */
export function levelForZoom(zoom: number): number {
  return Math.min(DEEPEST_LEVEL, Math.max(0, Math.floor(Math.log2(1 / Math.max(zoom, 1e-6)) + 1e-9)));
}

/** The smallest rectangle of a level's pixels that holds a rectangle of the document. */
export function toLevel(rect: Rect, level: number): Rect {
  const scale = 1 << level;
  const x = Math.floor(rect.x / scale);
  const y = Math.floor(rect.y / scale);
  return {
    x,
    y,
    width: Math.ceil((rect.x + rect.width) / scale) - x,
    height: Math.ceil((rect.y + rect.height) / scale) - y,
  };
}

/** Size of the whole picture at a level. */
export function levelSize(
  { width, height }: { readonly width: number; readonly height: number },
  level: number,
): { readonly width: number; readonly height: number } {
  return { width: Math.ceil(width / (1 << level)), height: Math.ceil(height / (1 << level)) };
}

interface KeptTile {
  /** Premultiplied RGBA8, 32 × 32; shared by tiles that look the same. */
  pixels: Uint8Array;
  /** What of it is to be made again, in document pixels. */
  stale: Rect;
  /** True when all of it was made once. */
  made: boolean;
}

/**
 * Draws tiles of the composited document at full size and at halves of it. A pixel of level k is the average of the
 * premultiplied pixels of its square of 2^k within the canvas. From 1/8 on the whole picture is kept, and only what
 * was damaged is composited again; finer levels are composited when asked for, since they would fill the memory. Tiles
 * whose layers hold the very same pixels (blank ones, above all) are composited once.
 */
export class LevelRenderer {
  readonly #source: LevelSource;
  readonly #canvas: () => Rect;
  readonly #damage: FollowedDamage;
  readonly #kept = new Map<number, KeptTile>();
  readonly #alike = new Map<string, Uint8ClampedArray<ArrayBuffer>>();
  #alikeBytes = 0;
  #size = '';
  readonly #scratch = new Uint8Array(RGBA8.tileBytes);

  /**
   * @param canvas the document's canvas, asked for anew each time.
   * @param damage what looks different; taken before anything is drawn.
   */
  constructor(source: LevelSource, canvas: () => Rect, damage: FollowedDamage) {
    this.#source = source;
    this.#canvas = canvas;
    this.#damage = damage;
  }

  /**
   * Draws one tile of the document, or the part of it that a rectangle of document pixels touches, at a level.
   * @returns the pixels that are wholly or partly in the canvas; null when none is. They may be shared: do not write.
   */
  draw(level: number, tx: number, ty: number, part: Rect = tileRect(tx, ty)): LevelPiece | null {
    this.#follow();
    const canvas = this.#canvas();
    const whole = tileRect(tx, ty);
    const seen = intersectRect(whole, canvas);
    const wanted = intersectRect(coverSquares(intersectRect(part, whole), 1 << level), seen);
    if (isEmptyRect(wanted)) return null;
    const rect = toLevel(wanted, level);
    if (level >= KEPT_LEVEL) return { rect, pixels: this.#fromKept(level, tx, ty, rect, seen, wanted) };
    const isWhole = wanted.width === TILE_SIZE && wanted.height === TILE_SIZE;
    const key = isWhole ? this.#alikeKey(level, tx, ty) : null;
    const known = key === null ? undefined : this.#alike.get(key);
    if (known) return { rect, pixels: known };
    const pixels = this.#composite(level, wanted);
    if (key !== null) this.#keepAlike(key, pixels);
    return { rect, pixels };
  }

  /** True when a tile can be drawn without waiting for pixels; has them brought where it cannot. */
  ready(level: number, tx: number, ty: number): boolean {
    if (level >= KEPT_LEVEL) {
      this.#follow();
      const kept = this.#kept.get(tileKey(tx, ty));
      if (kept && isEmptyRect(kept.stale)) return true;
    }
    const absent = this.#source.absent(tx, ty);
    for (const tile of absent) tile.want();
    return absent.length === 0;
  }

  /**
   * Unpacks one of the tiles that a tile is drawn from, so that drawing it does not take as long as unpacking all of them.
   * @returns false when there was nothing to unpack.
   */
  prepare(level: number, tx: number, ty: number): boolean {
    const kept = level >= KEPT_LEVEL ? this.#kept.get(tileKey(tx, ty)) : undefined;
    if (kept && isEmptyRect(kept.stale)) return false;
    const key = this.#alikeKey(Math.min(level, KEPT_LEVEL), tx, ty);
    if (key !== null && this.#alike.has(key)) return false;
    const tile = this.#source.packed(tx, ty);
    tile?.pixels();
    return tile !== undefined;
  }

  /**
   * How many rows of a tile to draw at a time, so that a piece takes some milliseconds whatever stands there: all 256 of
   * few layers, 64 of many.
   */
  rowsAtOnce(tx: number, ty: number): number {
    const words = this.#source.likeness(tx, ty);
    // The number of a plan, then one of each tile, 0 where there is none.
    const layers = words === null ? MANY : (words.replace(/^\d+:/, '').match(/[1-9]\d*/g)?.length ?? 0);
    return layers <= FEW ? TILE_SIZE : layers <= 2 * FEW ? TILE_SIZE / 2 : TILE_SIZE / 4;
  }

  /** Stops following the damage and lets everything go. */
  dispose(): void {
    this.#damage.stop();
    this.#kept.clear();
    this.#alike.clear();
    this.#alikeBytes = 0;
  }

  #follow(): void {
    const { width, height } = this.#canvas();
    const size = `${width} ${height}`;
    if (size !== this.#size) this.#kept.clear();
    this.#size = size;
    for (const rect of this.#damage.take()) {
      const range = tileRange(rect);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const kept = this.#kept.get(tileKey(tx, ty));
          if (kept) kept.stale = unionRect(kept.stale, intersectRect(rect, tileRect(tx, ty)));
        }
      }
    }
  }

  #composite(level: number, wanted: Rect): Uint8ClampedArray<ArrayBuffer> {
    if (level === 0) {
      const out = new Uint8ClampedArray(wanted.width * wanted.height * 4);
      this.#source.render(wanted, out);
      return out;
    }
    this.#source.render(wanted, this.#scratch, 'premultiplied');
    const small = averageSquares(this.#scratch, wanted.width, wanted.height, 1 << level);
    return toStraight(small);
  }

  #fromKept(
    level: number,
    tx: number,
    ty: number,
    rect: Rect,
    seen: Rect,
    wanted: Rect,
  ): Uint8ClampedArray<ArrayBuffer> {
    const kept = this.#freshKept(tx, ty, seen, wanted);
    const scale = 1 << (level - KEPT_LEVEL);
    const left = (rect.x * (1 << level) - tx * TILE_SIZE) >> KEPT_LEVEL;
    const top = (rect.y * (1 << level) - ty * TILE_SIZE) >> KEPT_LEVEL;
    const inside = toLevel({ ...seen, x: 0, y: 0 }, KEPT_LEVEL);
    const width = Math.min(rect.width * scale, inside.width - left);
    const height = Math.min(rect.height * scale, inside.height - top);
    const cut = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * KEPT_EDGE + left) * 4;
      cut.set(kept.subarray(from, from + width * 4), y * width * 4);
    }
    return toStraight(averageSquares(cut, width, height, scale));
  }

  /** A tile at 1/8, made where it is stale, down to the last row that is wanted. */
  #freshKept(tx: number, ty: number, seen: Rect, wanted: Rect): Uint8Array {
    const key = tileKey(tx, ty);
    const kept = this.#kept.get(key) ?? { pixels: new Uint8Array(0), stale: seen, made: false };
    this.#kept.set(key, kept);
    const all = intersectRect(coverSquares(kept.stale, 1 << KEPT_LEVEL), seen);
    if (isEmptyRect(all)) return kept.pixels;
    const isFresh = all.width === TILE_SIZE && all.height === TILE_SIZE;
    const alikeKey = isFresh ? this.#alikeKey(KEPT_LEVEL, tx, ty) : null;
    const known = alikeKey === null ? undefined : this.#alike.get(alikeKey);
    if (known) {
      kept.stale = EMPTY_RECT;
      kept.made = true;
      kept.pixels = new Uint8Array(known.buffer);
      return kept.pixels;
    }
    const height = Math.min(all.height, Math.max(0, wanted.y + wanted.height - all.y));
    const stale = { ...all, height };
    kept.stale = { ...all, y: all.y + height, height: all.height - height };
    if (height === 0) return kept.pixels;
    const alike = height === all.height ? alikeKey : null;
    // A first look at all of a large document is no reason to keep what lies below and above the layer in hand.
    this.#source.render(stale, this.#scratch, 'premultiplied', undefined, kept.made);
    kept.made ||= isEmptyRect(kept.stale);
    const small = averageSquares(this.#scratch, stale.width, stale.height, 1 << KEPT_LEVEL);
    const at = toLevel({ ...stale, x: stale.x - tx * TILE_SIZE, y: stale.y - ty * TILE_SIZE }, KEPT_LEVEL);
    // Others may share the array.
    const pixels = new Uint8ClampedArray(KEPT_EDGE * KEPT_EDGE * 4);
    pixels.set(kept.pixels);
    for (let y = 0; y < at.height; y++) {
      const row = small.subarray(y * at.width * 4, (y + 1) * at.width * 4);
      pixels.set(row, ((at.y + y) * KEPT_EDGE + at.x) * 4);
    }
    kept.pixels = new Uint8Array(pixels.buffer);
    if (alike !== null) this.#keepAlike(alike, pixels);
    return kept.pixels;
  }

  #alikeKey(level: number, tx: number, ty: number): string | null {
    const words = this.#source.likeness(tx, ty);
    return words === null ? null : `${level}:${words}`;
  }

  #keepAlike(key: string, pixels: Uint8ClampedArray<ArrayBuffer>): void {
    this.#alike.set(key, pixels);
    this.#alikeBytes += pixels.byteLength;
    for (const [oldest, { byteLength }] of this.#alike) {
      if (this.#alikeBytes <= ALIKE_BYTES) break;
      this.#alike.delete(oldest);
      this.#alikeBytes -= byteLength;
    }
  }
}

/** A rectangle grown to whole squares of a power of two. */
export function coverSquares(rect: Rect, step: number): Rect {
  if (isEmptyRect(rect)) return rect;
  const { x, y, width, height } = toLevel(rect, Math.log2(step));
  return { x: x * step, y: y * step, width: width * step, height: height * step };
}

/** Every tile of a rectangle, as keys. */
export function tileKeysOf(rect: Rect): number[] {
  const range = tileRange(rect);
  const keys: number[] = [];
  for (let ty = range.y0; ty < range.y1; ty++)
    for (let tx = range.x0; tx < range.x1; tx++) keys.push(tileKey(tx, ty));
  return keys;
}

/** The tile that a key stands for. */
export function tileOfKey(key: number): { readonly tx: number; readonly ty: number } {
  return { tx: tileKeyX(key), ty: tileKeyY(key) };
}
