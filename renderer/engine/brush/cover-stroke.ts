import type { Change } from '../changes.ts';
import { EMPTY_RECT, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE } from '../tiles/tile.ts';
import type { Brush, BrushColour, Sample } from './brush.ts';
import type { DabSource } from './dab-source.ts';
import { resolveStroke, type StrokeEffect } from './resolve-stroke.ts';
import { StrokeBuffer } from './stroke-buffer.ts';
import type { StrokeOverlay } from './stroke-overlay.ts';
import type { SelectionSource, Stroke } from './stroke-in-progress.ts';

/** A stroke of one colour, or of erasing: dabs add to a cover, and the cover is laid over the layer as a whole. */
export class CoverStroke implements Stroke {
  readonly #overlay: StrokeOverlay;
  readonly #source: DabSource;
  readonly #colour: BrushColour;
  readonly #effect: StrokeEffect;
  readonly #selection: SelectionSource | null;
  readonly #buffer: StrokeBuffer;

  /** @param clip pixels beyond it stay as they are. */
  constructor(
    overlay: StrokeOverlay,
    source: DabSource,
    brush: Brush,
    colour: BrushColour,
    selection: SelectionSource | null,
    clip: Rect,
  ) {
    this.#overlay = overlay;
    this.#source = source;
    this.#colour = colour;
    this.#selection = selection;
    const painting = overlay.layer.record.alphaLocked ? 'paint-alpha-locked' : 'paint';
    this.#effect = brush.mode === 'erase' ? 'erase' : painting;
    this.#buffer = new StrokeBuffer(clip, brush);
  }

  extend(samples: readonly Sample[]): Rect {
    this.#overlay.assertOpen();
    this.#source.extend(samples, (dab) => this.#buffer.stamp(dab));
    return this.#resolve();
  }

  commit(): Change[] {
    this.#overlay.assertOpen();
    this.#source.finish((dab) => this.#buffer.stamp(dab));
    this.#resolve();
    return this.#overlay.finish();
  }

  abort(): void {
    this.#overlay.assertOpen();
    this.#overlay.discard();
  }

  #resolve(): Rect {
    const { layer } = this.#overlay;
    // Erasing would change the alpha that is locked.
    if (this.#effect === 'erase' && layer.record.alphaLocked) return EMPTY_RECT;
    const rects: Rect[] = [];
    for (const tile of this.#buffer.tiles()) {
      if (isEmptyRect(tile.dirty)) continue;
      const { tx, ty, dirty } = tile;
      tile.dirty = EMPTY_RECT;
      const before = layer.tiles.get(tx, ty);
      const selection = this.#selection ? this.#selection.get(tx, ty) : null;
      if (selection === undefined || (!before && this.#effect !== 'paint')) continue;
      const after = this.#overlay.writable(tx, ty);
      const target = { before, after, left: tx * TILE_SIZE, top: ty * TILE_SIZE };
      resolveStroke(this.#effect, target, tile.cover, selection, this.#colour, dirty);
      rects.push(dirty);
    }
    return this.#overlay.wrote(rects);
  }
}
