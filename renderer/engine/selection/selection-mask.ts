import { EngineError } from '../error.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileRange, tileRect } from '../tiles/tile.ts';

const TILE_PIXELS = TILE_SIZE * TILE_SIZE;

/**
 * A tile of a selection: one value for all of it that lies in the selection's rectangle, or 65,536 values, 0 outside the
 * rectangle.
 */
type Cell = number | Uint8Array;

/** Masks of files may lie anywhere that 32 bits reach, far beyond what a document's tiles are told by. */
const SPAN = 2 ** 24;

function cellKey(tx: number, ty: number): number {
  return (ty + SPAN / 2) * SPAN + tx + SPAN / 2;
}

function cellRect(key: number): Rect {
  return tileRect((key % SPAN) - SPAN / 2, Math.floor(key / SPAN) - SPAN / 2);
}

/** Tiles of one value, made when somebody reads them. */
const wholes = new Map<number, Uint8Array>();

function wholeTile(value: number): Uint8Array {
  const kept = wholes.get(value);
  if (kept) return kept;
  const made = new Uint8Array(TILE_PIXELS).fill(value);
  wholes.set(value, made);
  return made;
}

/**
 * How much of each pixel is selected, 0..255, within a rectangle; nothing is selected outside it. Immutable. Strokes and
 * fills take it as it is: `get` gives it tile by tile. Tiles of one value take no memory, so selecting everything costs as
 * little as selecting nothing.
 */
export class SelectionMask {
  readonly rect: Rect;
  readonly #cells = new Map<number, Cell>();
  /** Tiles at the rectangle's edge, cut when somebody reads them. */
  readonly #cut = new Map<number, Uint8Array>();

  /**
   * @param data `rect.width * rect.height` values, row by row; null where nothing is selected yet.
   * @throws EngineError `invalid-size` when the data does not fit the rectangle.
   */
  constructor(rect: Rect, data: Uint8Array | null) {
    if (data && data.length !== rect.width * rect.height) {
      throw new EngineError(
        'invalid-size',
        `${data.length} values are not a selection of ${rect.width} × ${rect.height}.`,
      );
    }
    this.rect = rect;
    if (data && data.length > 0) this.#putRows(rect.y, rect.height, data);
  }

  /** Selects nothing. */
  static readonly none = new SelectionMask(EMPTY_RECT, null);

  /** One value everywhere. @param value 0..255. */
  static uniform(rect: Rect, value: number): SelectionMask {
    return SelectionMask.ofTiles(rect, () => value);
  }

  /**
   * A selection told tile by tile.
   * @param tile what of a tile is selected: one value for all of it, or the values of `part` row by row.
   */
  static ofTiles(rect: Rect, tile: (part: Rect, tx: number, ty: number) => Cell): SelectionMask {
    const mask = new SelectionMask(rect, null);
    if (isEmptyRect(rect)) return mask;
    const range = tileRange(rect);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const part = intersectRect(rect, tileRect(tx, ty));
        const cell = tile(part, tx, ty);
        if (typeof cell !== 'number') mask.#putPart(tx, ty, part, cell, part.width, 0);
        else if (cell > 0) mask.#cells.set(cellKey(tx, ty), cell);
      }
    }
    return mask;
  }

  /**
   * A selection told some rows at a time, of which no more than 256 are held.
   * @param write writes rows `y … y + rows - 1` of the document into `out`, which is all zero and as wide as `rect`.
   */
  static ofRows(rect: Rect, write: (y: number, rows: number, out: Uint8Array) => void): SelectionMask {
    const mask = new SelectionMask(rect, null);
    const bottom = rect.y + rect.height;
    for (let y = rect.y; y < bottom && rect.width > 0;) {
      const next = Math.min(bottom, (Math.floor(y / TILE_SIZE) + 1) * TILE_SIZE);
      const out = new Uint8Array(rect.width * (next - y));
      write(y, next - y, out);
      mask.#putRows(y, next - y, out);
      y = next;
    }
    return mask;
  }

  /** All values, row by row, made anew: as many bytes as the rectangle has pixels. */
  get data(): Uint8Array<ArrayBuffer> {
    return this.read(this.rect);
  }

  /** Bytes that it takes in memory. */
  get bytes(): number {
    let arrays = this.#cut.size;
    for (const cell of this.#cells.values()) if (typeof cell !== 'number') arrays++;
    return arrays * TILE_PIXELS + this.#cells.size * 16;
  }

  /** The value at a pixel. */
  at(x: number, y: number): number {
    const { rect } = this;
    if (x < rect.x || y < rect.y || x >= rect.x + rect.width || y >= rect.y + rect.height) return 0;
    const tx = Math.floor(x / TILE_SIZE);
    const ty = Math.floor(y / TILE_SIZE);
    const cell = this.#cells.get(cellKey(tx, ty)) ?? 0;
    return typeof cell === 'number'
      ? cell
      : (cell[(y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE] as number);
  }

  /** The smallest rectangle that holds everything selected; empty when nothing is. */
  bounds(): Rect {
    let left = Infinity;
    let top = Infinity;
    let right = -Infinity;
    let bottom = -Infinity;
    for (const [key, cell] of this.#cells) {
      const tile = cellRect(key);
      const part = intersectRect(tile, this.rect);
      const inside =
        part.x >= left && part.y >= top && part.x + part.width <= right && part.y + part.height <= bottom;
      if (inside) continue;
      const used = typeof cell === 'number' ? part : usedOf(cell, tile);
      left = Math.min(left, used.x);
      top = Math.min(top, used.y);
      right = Math.max(right, used.x + used.width);
      bottom = Math.max(bottom, used.y + used.height);
    }
    return right < left ? EMPTY_RECT : { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** The 65,536 values of a tile, or undefined where nothing of it is selected. Do not write into them. */
  get(tx: number, ty: number): Uint8Array | undefined {
    const key = cellKey(tx, ty);
    const cell = this.#cells.get(key);
    if (typeof cell !== 'number') return cell;
    const part = intersectRect(tileRect(tx, ty), this.rect);
    if (part.width * part.height === TILE_PIXELS) return wholeTile(cell);
    const kept = this.#cut.get(key);
    if (kept) return kept;
    const made = new Uint8Array(TILE_PIXELS);
    fillPart(made, TILE_SIZE, part, { x: tx * TILE_SIZE, y: ty * TILE_SIZE }, cell);
    this.#cut.set(key, made);
    return made;
  }

  /** The values of any rectangle, row by row. */
  read(rect: Rect): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(rect.width * rect.height);
    this.#eachCell(rect, (cell, part, tx, ty) => {
      if (typeof cell === 'number') return fillPart(out, rect.width, part, rect, cell);
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
        out.set(cell.subarray(from, from + part.width), (y - rect.y) * rect.width + part.x - rect.x);
      }
    });
    return out;
  }

  /** The one value that a rectangle has, or undefined where it may have several. */
  uniformIn(rect: Rect): number | undefined {
    const seen = intersectRect(rect, this.rect);
    if (isEmptyRect(seen)) return 0;
    const whole = seen.width === rect.width && seen.height === rect.height;
    let value = whole ? undefined : 0;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const cell = this.#cells.get(cellKey(tx, ty)) ?? 0;
        value ??= typeof cell === 'number' ? cell : undefined;
        if (cell !== value) return undefined;
      }
    }
    return value;
  }

  /** The same values elsewhere, by whole pixels. */
  shifted(dx: number, dy: number): SelectionMask {
    return this.#moved({ ...this.rect, x: this.rect.x + dx, y: this.rect.y + dy }, dx, dy);
  }

  /** Other values for the same places. @param rule from 0..255 to 0..255. */
  mapped(rule: (value: number) => number): SelectionMask {
    return SelectionMask.ofTiles(this.rect, (part) => {
      const value = this.uniformIn(part);
      return value === undefined ? this.read(part).map(rule) : Math.trunc(rule(value));
    });
  }

  /** What of it lies in a rectangle. */
  within(rect: Rect): SelectionMask {
    return this.#moved(intersectRect(this.rect, rect), 0, 0);
  }

  #moved(rect: Rect, dx: number, dy: number): SelectionMask {
    return SelectionMask.ofTiles(rect, (part) => {
      const from = { ...part, x: part.x - dx, y: part.y - dy };
      return this.uniformIn(from) ?? this.read(from);
    });
  }

  #eachCell(rect: Rect, visit: (cell: Cell, part: Rect, tx: number, ty: number) => void): void {
    const seen = intersectRect(rect, this.rect);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const cell = this.#cells.get(cellKey(tx, ty));
        if (cell !== undefined) visit(cell, intersectRect(seen, tileRect(tx, ty)), tx, ty);
      }
    }
  }

  /** Takes in whole rows of the rectangle. */
  #putRows(top: number, rows: number, data: Uint8Array): void {
    const { x, width } = this.rect;
    const range = tileRange({ x, y: top, width, height: rows });
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const part = intersectRect({ x, y: top, width, height: rows }, tileRect(tx, ty));
        this.#putPart(tx, ty, part, data, width, (part.y - top) * width + part.x - x);
      }
    }
  }

  #putPart(tx: number, ty: number, part: Rect, data: Uint8Array, stride: number, from: number): void {
    const first = data[from] as number;
    let same = true;
    for (let y = 0; y < part.height && same; y++) {
      const start = from + y * stride;
      for (let i = start; i < start + part.width; i++) {
        if (data[i] !== first) {
          same = false;
          break;
        }
      }
    }
    if (same) {
      if (first > 0) this.#cells.set(cellKey(tx, ty), first);
      return;
    }
    const cell = new Uint8Array(TILE_PIXELS);
    const at = (part.y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
    for (let y = 0; y < part.height; y++)
      cell.set(data.subarray(from + y * stride, from + y * stride + part.width), at + y * TILE_SIZE);
    this.#cells.set(cellKey(tx, ty), cell);
  }
}

/** Writes one value into a part of rows that begin at a place of the document. */
function fillPart(
  out: Uint8Array,
  stride: number,
  part: Rect,
  origin: { readonly x: number; readonly y: number },
  value: number,
): void {
  for (let y = part.y; y < part.y + part.height; y++) {
    const at = (y - origin.y) * stride + part.x - origin.x;
    out.fill(value, at, at + part.width);
  }
}

/** The smallest rectangle of the document that holds what a tile selects; some of it is. */
function usedOf(cell: Uint8Array, tile: Rect): Rect {
  let left = TILE_SIZE;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < TILE_SIZE; y++) {
    const row = cell.subarray(y * TILE_SIZE, (y + 1) * TILE_SIZE);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    if (top < 0) top = y;
    bottom = y;
    left = Math.min(left, first);
    right = Math.max(
      right,
      row.findLastIndex((value) => value > 0),
    );
  }
  return {
    x: tile.x + left,
    y: tile.y + top,
    width: right - left + 1,
    height: bottom - top + 1,
  };
}
