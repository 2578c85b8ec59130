import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import { RGBA8, TILE_SIZE } from '../tiles/tile.ts';
import type { AlphaFormat } from './write-pixels.ts';

/** What a pyramid draws from: a compositor. */
export interface RectRenderer {
  render(rect: Rect, out: Uint8Array | Uint8ClampedArray, format?: AlphaFormat, stride?: number): void;
}

interface DisplayTile {
  readonly level: number;
  readonly tx: number;
  readonly ty: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** In pixels of the level. */
  stale: Rect;
}

/** Deepest level: 1/32, below the smallest zoom of 3%. */
const DEEPEST_LEVEL = 5;

/** The level to draw at a zoom: the smallest picture that is not smaller than the screen's. Level k is 1/2^k. */
export function levelForZoom(zoom: number): number {
  return Math.min(DEEPEST_LEVEL, Math.max(0, Math.floor(Math.log2(1 / Math.max(zoom, 1e-6)) + 1e-9)));
}

/**
 * The composited document as tiles of 256 px at full size and at halves of it, for display. Tiles are made when asked
 * for; after damage only the damaged part is made again. Averaging is over premultiplied values, so transparent
 * pixels lend no colour.
 */
export class DisplayPyramid {
  readonly #source: RectRenderer;
  readonly #canvas: () => Rect;
  readonly #tileLimit: number;
  readonly #tiles = new Map<string, DisplayTile>();
  readonly #piece = new Uint8Array(RGBA8.tileBytes);

  /**
   * @param canvas the document's canvas, asked for anew each time; beyond it tiles are transparent.
   * @param cacheBytes bytes of tiles kept; those refreshed longest ago go first. Default 192 MiB.
   */
  constructor(source: RectRenderer, canvas: () => Rect, cacheBytes: number = 192 * 1024 * 1024) {
    this.#source = source;
    this.#canvas = canvas;
    this.#tileLimit = Math.max(1, Math.floor(cacheBytes / RGBA8.tileBytes));
  }

  /** Marks a rectangle of the document as changed. */
  damage(rect: Rect): void {
    for (const tile of this.#tiles.values()) {
      tile.stale = unionRect(tile.stale, intersectRect(toLevel(rect, tile.level), levelTileRect(tile)));
    }
  }

  /**
   * Brings a tile of a level up to date.
   * @returns its pixels, RGBA8 straight (as ImageData wants them; the same array each time), and which part of them
   * is new since the last call, in pixels within the tile; empty when nothing is.
   */
  refresh(level: number, tx: number, ty: number): { pixels: Uint8ClampedArray<ArrayBuffer>; changed: Rect } {
    const tile = this.#tile(level, tx, ty);
    const { stale } = tile;
    tile.stale = EMPTY_RECT;
    if (isEmptyRect(stale)) return { pixels: tile.pixels, changed: EMPTY_RECT };
    const left = tx * TILE_SIZE;
    const top = ty * TILE_SIZE;
    const step = TILE_SIZE >> level;
    for (let y = Math.floor(stale.y / step) * step; y < stale.y + stale.height; y += step) {
      for (let x = Math.floor(stale.x / step) * step; x < stale.x + stale.width; x += step) {
        this.#draw(tile, intersectRect(stale, { x, y, width: step, height: step }));
      }
    }
    return { pixels: tile.pixels, changed: { ...stale, x: stale.x - left, y: stale.y - top } };
  }

  #tile(level: number, tx: number, ty: number): DisplayTile {
    const key = `${level}/${tx}/${ty}`;
    const kept = this.#tiles.get(key);
    if (kept) {
      this.#tiles.delete(key);
      this.#tiles.set(key, kept);
      return kept;
    }
    const pixels = new Uint8ClampedArray(RGBA8.tileBytes);
    const tile = { level, tx, ty, pixels, stale: levelTileRect({ tx, ty }) };
    this.#tiles.set(key, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= this.#tileLimit) break;
      this.#tiles.delete(oldest);
    }
    return tile;
  }

  /** Makes a part of a tile whose source fits one piece. */
  #draw(tile: DisplayTile, part: Rect): void {
    if (isEmptyRect(part)) return;
    const scale = 1 << tile.level;
    const wanted = {
      x: part.x * scale,
      y: part.y * scale,
      width: part.width * scale,
      height: part.height * scale,
    };
    const seen = intersectRect(wanted, this.#canvas());
    const stride = wanted.width * 4;
    const at = ((part.y - tile.ty * TILE_SIZE) * TILE_SIZE + part.x - tile.tx * TILE_SIZE) * 4;
    const piece = this.#piece;
    if (isEmptyRect(seen) || seen.width !== wanted.width || seen.height !== wanted.height) {
      piece.fill(0, 0, stride * wanted.height);
    }
    if (!isEmptyRect(seen)) {
      const offset = (seen.y - wanted.y) * stride + (seen.x - wanted.x) * 4;
      this.#source.render(
        seen,
        piece.subarray(offset),
        tile.level === 0 ? 'straight' : 'premultiplied',
        stride,
      );
    }
    if (tile.level === 0) copyRows(tile.pixels, at, piece, part);
    else shrink(tile.pixels, at, piece, part, scale);
  }
}

function levelTileRect(tile: { readonly tx: number; readonly ty: number }): Rect {
  return { x: tile.tx * TILE_SIZE, y: tile.ty * TILE_SIZE, width: TILE_SIZE, height: TILE_SIZE };
}

function toLevel(rect: Rect, level: number): Rect {
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

function copyRows(out: Uint8ClampedArray, at: number, piece: Uint8Array, part: Rect): void {
  for (let y = 0; y < part.height; y++) {
    out.set(piece.subarray(y * part.width * 4, (y + 1) * part.width * 4), at + y * TILE_SIZE * 4);
  }
}

/** Averages squares of premultiplied pixels and makes the result straight. */
function shrink(out: Uint8ClampedArray, at: number, piece: Uint8Array, part: Rect, scale: number): void {
  const stride = part.width * scale * 4;
  const count = scale * scale;
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let v = 0; v < scale; v++) {
        let i = (y * scale + v) * stride + x * scale * 4;
        for (let u = 0; u < scale; u++, i += 4) {
          r += piece[i] as number;
          g += piece[i + 1] as number;
          b += piece[i + 2] as number;
          a += piece[i + 3] as number;
        }
      }
      const to = at + (y * TILE_SIZE + x) * 4;
      const straight = a > 0 ? 255 / a : 0;
      out[to] = r * straight;
      out[to + 1] = g * straight;
      out[to + 2] = b * straight;
      out[to + 3] = a / count;
    }
  }
}
