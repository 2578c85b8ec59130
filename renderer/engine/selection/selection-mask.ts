import { EngineError } from '../error.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileKey, tileRect } from '../tiles/tile.ts';

/**
 * How much of each pixel is selected, 0..255, within a rectangle; nothing is selected outside it. Immutable. Strokes and
 * fills take it as it is: `get` gives it tile by tile.
 */
export class SelectionMask {
  readonly rect: Rect;
  /** `rect.width * rect.height` values, row by row. Do not write into them. */
  readonly data: Uint8Array;
  readonly #tiles = new Map<number, Uint8Array | undefined>();

  /** @throws EngineError `invalid-size` when the data does not fit the rectangle. */
  constructor(rect: Rect, data: Uint8Array) {
    if (data.length !== rect.width * rect.height) {
      throw new EngineError(
        'invalid-size',
        `${data.length} values are not a selection of ${rect.width} × ${rect.height}.`,
      );
    }
    this.rect = rect;
    this.data = data;
  }

  /** Selects nothing. */
  static readonly none = new SelectionMask(EMPTY_RECT, new Uint8Array(0));

  /** The value at a pixel. */
  at(x: number, y: number): number {
    const column = x - this.rect.x;
    const row = y - this.rect.y;
    if (column < 0 || row < 0 || column >= this.rect.width || row >= this.rect.height) return 0;
    return this.data[row * this.rect.width + column] ?? 0;
  }

  /** The smallest rectangle that holds everything selected; empty when nothing is. */
  bounds(): Rect {
    const { width, height } = this.rect;
    let left = width;
    let right = -1;
    let top = -1;
    let bottom = -1;
    for (let y = 0; y < height; y++) {
      const row = this.data.subarray(y * width, (y + 1) * width);
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
    if (top < 0) return EMPTY_RECT;
    return { x: this.rect.x + left, y: this.rect.y + top, width: right - left + 1, height: bottom - top + 1 };
  }

  /** The 65,536 values of a tile, or undefined where nothing of it can be selected. */
  get(tx: number, ty: number): Uint8Array | undefined {
    const key = tileKey(tx, ty);
    if (!this.#tiles.has(key)) this.#tiles.set(key, this.#cut(tx, ty));
    return this.#tiles.get(key);
  }

  /** The values of any rectangle, row by row. */
  read(rect: Rect): Uint8Array {
    const out = new Uint8Array(rect.width * rect.height);
    const part = intersectRect(rect, this.rect);
    for (let y = part.y; y < part.y + part.height; y++) {
      const from = (y - this.rect.y) * this.rect.width + part.x - this.rect.x;
      out.set(this.data.subarray(from, from + part.width), (y - rect.y) * rect.width + part.x - rect.x);
    }
    return out;
  }

  #cut(tx: number, ty: number): Uint8Array | undefined {
    const rect = tileRect(tx, ty);
    if (isEmptyRect(intersectRect(rect, this.rect))) return undefined;
    const tile = this.read({ ...rect, width: TILE_SIZE, height: TILE_SIZE });
    return tile.some((value) => value > 0) ? tile : undefined;
  }
}
