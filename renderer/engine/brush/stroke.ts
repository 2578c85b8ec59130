import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { EMPTY_RECT, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { Layer, LayerOverlay } from '../layers/layer.ts';
import { RGBA8, TILE_SIZE, tileKey, tileKeyX, tileKeyY, type TileChange } from '../tiles/tile.ts';
import type { Brush, BrushColour, Sample } from './brush.ts';
import { checkBrush } from './check-brush.ts';
import { resolveStroke, type StrokeEffect } from './resolve-stroke.ts';
import { StrokeBuffer } from './stroke-buffer.ts';
import { StrokePath } from './stroke-path.ts';

/** How much of each pixel is selected: 65,536 bytes a tile, undefined where nothing is. */
export interface SelectionSource {
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** What a stroke can be given beyond brush and colour. */
export interface StrokeOptions {
  /** Of everything random in the stroke; the same seed and readings give the same pixels. Default 1. */
  readonly seed?: number;
  /** Paint only here. Default everywhere. */
  readonly selection?: SelectionSource | null;
}

/** A stroke in progress: seen through the layer's overlay, written nowhere until its changes are applied. */
export interface Stroke {
  /** Draws readings and returns the rectangle that looks different now; empty when none does. */
  extend(samples: readonly Sample[]): Rect;
  /**
   * Ends the stroke and returns what it changes, to be given to history at once: it stays in sight until the next
   * changes are applied to the document. Empty when no pixel differs.
   */
  commit(): Change[];
  /** Ends the stroke without a trace. */
  abort(): void;
}

/**
 * Begins a stroke on a layer.
 * @param brush checked; its `mode` decides between painting and erasing.
 * @throws EngineError `unknown-layer`; `layer-not-paintable` on a group; `layer-locked` or `layer-hidden` when the layer
 * or a group around it is; `invalid-value` for a brush out of range. Nothing has happened then.
 */
export function beginStroke(
  document: PaintDocument,
  layerId: string,
  brush: Brush,
  colour: BrushColour,
  options: StrokeOptions = {},
): Stroke {
  checkBrush(brush);
  const layer = paintableLayer(document, layerId);
  return new TipStroke(document, layer, brush, colour, options);
}

function paintableLayer(document: PaintDocument, layerId: string): Layer {
  const layer = document.layers.get(layerId);
  if (layer.record.kind === 'group') {
    throw new EngineError(
      'layer-not-paintable',
      `"${layer.record.name}" is a group; choose a layer in it to paint on.`,
    );
  }
  for (let id: string | null = layerId; id !== null; id = document.layers.get(id).record.parent) {
    const { record } = document.layers.get(id);
    if (record.locked)
      throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to paint.`);
    if (!record.visible)
      throw new EngineError('layer-hidden', `"${record.name}" is hidden; show it to paint.`);
  }
  return layer;
}

class TipStroke implements Stroke, LayerOverlay {
  readonly #document: PaintDocument;
  readonly #layer: Layer;
  readonly #colour: BrushColour;
  readonly #effect: StrokeEffect;
  readonly #selection: SelectionSource | null;
  readonly #path: StrokePath;
  readonly #buffer: StrokeBuffer;
  readonly #after = new Map<number, Uint8Array>();
  #bounds: Rect = EMPTY_RECT;
  #open = true;

  constructor(
    document: PaintDocument,
    layer: Layer,
    brush: Brush,
    colour: BrushColour,
    options: StrokeOptions,
  ) {
    this.#document = document;
    this.#layer = layer;
    this.#colour = colour;
    this.#selection = options.selection ?? null;
    const painting = layer.record.alphaLocked ? 'paint-alpha-locked' : 'paint';
    this.#effect = brush.mode === 'erase' ? 'erase' : painting;
    this.#path = new StrokePath(brush, options.seed ?? 1);
    this.#buffer = new StrokeBuffer(document.canvas, brush.accumulation);
    document.setOverlay(layer.record.id, this);
  }

  get bounds(): Rect {
    return this.#bounds;
  }

  get(tx: number, ty: number): Uint8Array | undefined {
    return this.#after.get(tileKey(tx, ty));
  }

  extend(samples: readonly Sample[]): Rect {
    this.#assertOpen();
    this.#path.extend(samples, (dab) => this.#buffer.stamp(dab));
    return this.#resolve();
  }

  commit(): Change[] {
    this.#assertOpen();
    this.#path.finish((dab) => this.#buffer.stamp(dab));
    this.#resolve();
    const tiles: TileChange[] = [];
    for (const [key, data] of this.#after) {
      const x = tileKeyX(key);
      const y = tileKeyY(key);
      if (differs(this.#layer.tiles.get(x, y), data)) tiles.push({ x, y, data: emptied(data) });
    }
    this.#open = false;
    const layerId = this.#layer.record.id;
    if (tiles.length === 0 || !this.#document.layers.find(layerId)) {
      this.#takeOff();
      return [];
    }
    this.#document.settleOverlay(layerId);
    return [{ type: 'tiles', layerId, tiles }];
  }

  abort(): void {
    this.#assertOpen();
    this.#open = false;
    this.#takeOff();
  }

  #takeOff(): void {
    const layerId = this.#layer.record.id;
    if (this.#document.layers.find(layerId)) this.#document.setOverlay(layerId, null);
  }

  #assertOpen(): void {
    if (!this.#open) throw new EngineError('transaction-closed', 'This stroke has already ended.');
  }

  #resolve(): Rect {
    // Erasing would change the alpha that is locked.
    if (this.#effect === 'erase' && this.#layer.record.alphaLocked) return EMPTY_RECT;
    const rects: Rect[] = [];
    for (const tile of this.#buffer.tiles()) {
      if (isEmptyRect(tile.dirty)) continue;
      const { tx, ty, dirty } = tile;
      tile.dirty = EMPTY_RECT;
      const before = this.#layer.tiles.get(tx, ty);
      const selection = this.#selection ? this.#selection.get(tx, ty) : null;
      if (selection === undefined || (!before && this.#effect !== 'paint')) continue;
      const target = {
        before,
        after: this.#result(tx, ty, before),
        left: tx * TILE_SIZE,
        top: ty * TILE_SIZE,
      };
      resolveStroke(this.#effect, target, tile.cover, selection, this.#colour, dirty);
      rects.push(dirty);
    }
    const changed = rects.reduce(unionRect, EMPTY_RECT);
    this.#bounds = unionRect(this.#bounds, changed);
    if (rects.length > 0) this.#document.touchOverlay(this.#layer.record.id, rects);
    return changed;
  }

  #result(tx: number, ty: number, before: Uint8Array | undefined): Uint8Array {
    const key = tileKey(tx, ty);
    let after = this.#after.get(key);
    if (!after) {
      after = before ? Uint8Array.from(before) : new Uint8Array(RGBA8.tileBytes);
      this.#after.set(key, after);
    }
    return after;
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
