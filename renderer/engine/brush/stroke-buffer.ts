import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileKey, tileRange, tileRect } from '../tiles/tile.ts';
import { dabBounds, type Dab } from './dab.ts';
import type { Brush } from './brush.ts';
import { grainTile } from './grain.ts';
import { makeTip } from './make-tip.ts';

/** One tile of a stroke in progress. */
export interface StrokeTile {
  readonly tx: number;
  readonly ty: number;
  /** How much the stroke covers each pixel, 0..1, single precision so that many faint dabs do not band. */
  readonly cover: Float32Array;
  /** Pixels stamped since they were last resolved, in document pixels. */
  dirty: Rect;
}

/** What a stroke covers so far, in sparse tiles. */
export class StrokeBuffer {
  readonly #clip: Rect;
  readonly #brush: Brush;
  readonly #buildUp: boolean;
  readonly #grain: Float32Array | null;
  readonly #tiles = new Map<number, StrokeTile>();

  /** @param clip pixels beyond it are not covered: the canvas. */
  constructor(clip: Rect, brush: Brush) {
    this.#clip = clip;
    this.#brush = brush;
    this.#buildUp = brush.accumulation === 'build-up';
    this.#grain = brush.grain ? grainTile(brush.grain) : null;
  }

  /** Every tile that a dab has touched. */
  tiles(): IterableIterator<StrokeTile> {
    return this.#tiles.values();
  }

  /**
   * Stamps a dab. Wash: cover goes towards the dab's opacity by flow × tip and never beyond it. Build-up: it goes
   * towards 1 by opacity × flow × tip.
   */
  stamp(dab: Dab): void {
    const bounds = intersectRect(dabBounds(dab, this.#brush.tip === 'bitmap'), this.#clip);
    if (isEmptyRect(bounds)) return;
    const tip = makeTip(dab, this.#brush);
    const limit = this.#buildUp ? 1 : dab.opacity;
    const weight = this.#buildUp ? dab.opacity * dab.flow : dab.flow;
    const range = tileRange(bounds);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const tile = this.#tile(tx, ty);
        const part = intersectRect(bounds, tileRect(tx, ty));
        const left = tx * TILE_SIZE;
        const top = ty * TILE_SIZE;
        const inTile = {
          x0: part.x - left,
          y0: part.y - top,
          x1: part.x + part.width - left,
          y1: part.y + part.height - top,
        };
        const target = { cover: tile.cover, part: inTile, grain: this.#grain, grainShare: dab.grain ?? 1 };
        tip.stamp(target, dab.x - left, dab.y - top, limit, weight);
        tile.dirty = unionRect(tile.dirty, part);
      }
    }
  }

  /** Notes that a rectangle of one tile has to be resolved again, where a dab has touched that tile. */
  touch(rect: Rect): void {
    const tile = this.#tiles.get(tileKey(Math.floor(rect.x / TILE_SIZE), Math.floor(rect.y / TILE_SIZE)));
    if (tile) tile.dirty = unionRect(tile.dirty, rect);
  }

  #tile(tx: number, ty: number): StrokeTile {
    const key = tileKey(tx, ty);
    let tile = this.#tiles.get(key);
    if (!tile) {
      tile = { tx, ty, cover: new Float32Array(TILE_SIZE * TILE_SIZE), dirty: EMPTY_RECT };
      this.#tiles.set(key, tile);
    }
    return tile;
  }
}
