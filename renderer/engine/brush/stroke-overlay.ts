import { pixelChange, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { EMPTY_RECT, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { LayerOverlay } from '../layers/layer.ts';
import type { PaintTarget } from '../layers/paint-target.ts';
import { tileDifference } from '../tiles/difference.ts';
import { tileKey, tileKeyX, tileKeyY, type TileChange } from '../tiles/tile.ts';

/**
 * The pixels that a stroke in progress makes of its target: copies of the tiles it touches, seen in place of the layer's
 * own, turned into changes at the end.
 */
export class StrokeOverlay implements LayerOverlay {
  readonly target: PaintTarget;
  readonly #document: PaintDocument;
  readonly #after = new Map<number, Uint8Array>();
  #bounds: Rect = EMPTY_RECT;
  #open = true;

  constructor(document: PaintDocument, target: PaintTarget) {
    this.#document = document;
    this.target = target;
    document.setOverlay(target.layer.record.id, this, target.plane);
  }

  get bounds(): Rect {
    return this.#bounds;
  }

  get(tx: number, ty: number): Uint8Array | undefined {
    return this.#after.get(tileKey(tx, ty));
  }

  /** The tile to be written into: at first a copy of the target's. */
  writable(tx: number, ty: number): Uint8Array {
    const key = tileKey(tx, ty);
    let after = this.#after.get(key);
    if (!after) {
      after = this.target.copy(tx, ty);
      this.#after.set(key, after);
    }
    return after;
  }

  /** Says which rectangles were written, a tile each; returns what holds them all. */
  wrote(rects: readonly Rect[]): Rect {
    const changed = rects.reduce(unionRect, EMPTY_RECT);
    this.#bounds = unionRect(this.#bounds, changed);
    if (rects.length > 0) this.#document.touchOverlay(this.target.layer.record.id, rects, this.target.plane);
    return changed;
  }

  /** @throws EngineError `transaction-closed` after the end. */
  assertOpen(): void {
    if (!this.#open) throw new EngineError('transaction-closed', 'This stroke has already ended.');
  }

  /** Ends with what differs from the layer's own pixels. */
  finish(): Change[] {
    const { target } = this;
    const tiles: TileChange[] = [];
    for (const [key, data] of this.#after) {
      const x = tileKeyX(key);
      const y = tileKeyY(key);
      const before = target.tiles.get(x, y) ?? null;
      const same = isEmptyRect(tileDifference(before, data, target.format, target.outside));
      if (!same) tiles.push({ x, y, data: target.stored(data) });
    }
    const layerId = target.layer.record.id;
    if (tiles.length === 0 || !this.#document.layers.find(layerId)) {
      this.discard();
      return [];
    }
    this.#open = false;
    this.#document.settleOverlay(layerId, target.plane);
    return [pixelChange(target.plane, layerId, tiles)];
  }

  /** Ends without a trace. */
  discard(): void {
    this.#open = false;
    const { layer, plane } = this.target;
    const layerId = layer.record.id;
    if (this.#document.layers.find(layerId)) this.#document.setOverlay(layerId, null, plane);
  }
}
