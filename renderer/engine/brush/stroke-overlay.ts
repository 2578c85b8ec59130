import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { EMPTY_RECT, unionRect, type Rect } from '../geometry/rect.ts';
import type { Layer, LayerOverlay } from '../layers/layer.ts';
import { RGBA8, tileKey, tileKeyX, tileKeyY, type TileChange } from '../tiles/tile.ts';

/**
 * The pixels that a stroke in progress makes of its layer: copies of the tiles it touches, seen in place of the layer's
 * own, turned into changes at the end.
 */
export class StrokeOverlay implements LayerOverlay {
  readonly layer: Layer;
  readonly #document: PaintDocument;
  readonly #after = new Map<number, Uint8Array>();
  #bounds: Rect = EMPTY_RECT;
  #open = true;

  constructor(document: PaintDocument, layer: Layer) {
    this.#document = document;
    this.layer = layer;
    document.setOverlay(layer.record.id, this);
  }

  get bounds(): Rect {
    return this.#bounds;
  }

  get(tx: number, ty: number): Uint8Array | undefined {
    return this.#after.get(tileKey(tx, ty));
  }

  /** The tile to be written into: at first a copy of the layer's. */
  writable(tx: number, ty: number): Uint8Array {
    const key = tileKey(tx, ty);
    let after = this.#after.get(key);
    if (!after) {
      const before = this.layer.tiles.get(tx, ty);
      after = before ? Uint8Array.from(before) : new Uint8Array(RGBA8.tileBytes);
      this.#after.set(key, after);
    }
    return after;
  }

  /** Says which rectangles were written, a tile each; returns what holds them all. */
  wrote(rects: readonly Rect[]): Rect {
    const changed = rects.reduce(unionRect, EMPTY_RECT);
    this.#bounds = unionRect(this.#bounds, changed);
    if (rects.length > 0) this.#document.touchOverlay(this.layer.record.id, rects);
    return changed;
  }

  /** @throws EngineError `transaction-closed` after the end. */
  assertOpen(): void {
    if (!this.#open) throw new EngineError('transaction-closed', 'This stroke has already ended.');
  }

  /** Ends with what differs from the layer's own pixels. */
  finish(): Change[] {
    const tiles: TileChange[] = [];
    for (const [key, data] of this.#after) {
      const x = tileKeyX(key);
      const y = tileKeyY(key);
      if (differs(this.layer.tiles.get(x, y), data)) tiles.push({ x, y, data: emptied(data) });
    }
    const layerId = this.layer.record.id;
    if (tiles.length === 0 || !this.#document.layers.find(layerId)) {
      this.discard();
      return [];
    }
    this.#open = false;
    this.#document.settleOverlay(layerId);
    return [{ type: 'tiles', layerId, tiles }];
  }

  /** Ends without a trace. */
  discard(): void {
    this.#open = false;
    const layerId = this.layer.record.id;
    if (this.#document.layers.find(layerId)) this.#document.setOverlay(layerId, null);
  }
}

function differs(before: Uint8Array | undefined, after: Uint8Array): boolean {
  for (let i = 0; i < after.length; i++) if (after[i] !== (before ? before[i] : 0)) return true;
  return false;
}

/** Null for a tile without any alpha left. */
function emptied(data: Uint8Array): Uint8Array | null {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) return data;
  return null;
}
