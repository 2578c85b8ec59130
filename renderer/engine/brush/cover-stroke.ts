import type { Change } from '../changes.ts';
import { EMPTY_RECT, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileSamples } from '../tiles/tile.ts';
import type { Brush, BrushColour, Sample } from './brush.ts';
import type { DualCover } from './dual-cover.ts';
import type { DabSource } from './dab-source.ts';
import { resolveStroke, type StrokeEffect } from './resolve-stroke.ts';
import { StrokeBuffer, type StrokeTile } from './stroke-buffer.ts';
import type { StrokeOverlay } from './stroke-overlay.ts';
import { wetTile } from './wet-edge.ts';
import type { SelectionSource, Stroke } from './stroke-in-progress.ts';

/** A stroke of one colour, or of erasing: dabs add to a cover, and the cover is laid over the layer as a whole. */
export class CoverStroke implements Stroke {
  readonly #overlay: StrokeOverlay;
  readonly #source: DabSource;
  readonly #colour: BrushColour;
  readonly #effect: StrokeEffect;
  readonly #selection: SelectionSource | null;
  readonly #buffer: StrokeBuffer;
  readonly #dual: DualCover | null;
  /** What both tips cover of the tile in hand. */
  readonly #both: Float32Array | null;
  readonly #wetEdge: number;
  /** The most that a dab covers. */
  readonly #full: number;
  /** What a wet stroke leaves of its cover in the tile in hand. */
  readonly #wet: Float32Array | null;

  /** @param clip pixels beyond it stay as they are. */
  constructor(
    overlay: StrokeOverlay,
    source: DabSource,
    brush: Brush,
    colour: BrushColour,
    selection: SelectionSource | null,
    clip: Rect,
    dual: DualCover | null,
  ) {
    this.#dual = dual;
    this.#both = dual ? new Float32Array(TILE_SIZE * TILE_SIZE) : null;
    this.#wetEdge = brush.wetEdge;
    this.#full = brush.accumulation === 'build-up' ? 1 : Math.max(brush.opacity, 1 / 255);
    this.#wet = brush.wetEdge > 0 ? new Float32Array(TILE_SIZE * TILE_SIZE) : null;
    this.#overlay = overlay;
    this.#source = source;
    this.#colour = colour;
    this.#selection = selection;
    const painting = overlay.target.alphaLocked ? 'paint-alpha-locked' : 'paint';
    this.#effect = brush.mode === 'erase' ? 'erase' : painting;
    this.#buffer = new StrokeBuffer(clip, brush);
  }

  get tip(): { readonly x: number; readonly y: number } | null {
    return this.#source.tip;
  }

  extend(samples: readonly Sample[]): Rect {
    this.#overlay.assertOpen();
    this.#dual?.extend(samples);
    this.#source.extend(samples, (dab) => this.#buffer.stamp(dab));
    return this.#resolve();
  }

  commit(): Change[] {
    this.#overlay.assertOpen();
    this.#dual?.finish();
    this.#source.finish((dab) => this.#buffer.stamp(dab));
    this.#resolve();
    return this.#overlay.finish();
  }

  abort(): void {
    this.#overlay.assertOpen();
    this.#overlay.discard();
  }

  /** What shows of the stroke in a rectangle of a tile. */
  #shownOf(tile: StrokeTile, dirty: Rect): Float32Array {
    const cover = this.#coverOf(tile);
    if (!this.#wet) return cover;
    const inTile = { ...dirty, x: dirty.x - tile.tx * TILE_SIZE, y: dirty.y - tile.ty * TILE_SIZE };
    wetTile(cover, this.#wet, inTile, this.#full, this.#wetEdge);
    return this.#wet;
  }

  /** What a stroke covers of a tile, with the second tip where there is one. */
  #coverOf({ tx, ty, cover }: StrokeTile): Float32Array {
    const second = this.#dual?.cover(tx, ty);
    if (!this.#both) return cover;
    if (!second) return this.#both.fill(0);
    for (let i = 0; i < cover.length; i++) this.#both[i] = (cover[i] as number) * (second[i] as number);
    return this.#both;
  }

  #resolve(): Rect {
    const { target } = this.#overlay;
    const { format, outside } = target;
    // Erasing would change the alpha that is locked.
    if (this.#effect === 'erase' && target.alphaLocked) return EMPTY_RECT;
    const rects: Rect[] = [];
    // Where the second tip came later, more of what the first covers is let through.
    for (const rect of this.#dual?.takeDirty() ?? []) this.#buffer.touch(rect);
    for (const tile of this.#buffer.tiles()) {
      if (isEmptyRect(tile.dirty)) continue;
      const { tx, ty, dirty } = tile;
      tile.dirty = EMPTY_RECT;
      const before = target.samples(tx, ty);
      const selection = this.#selection ? this.#selection.get(tx, ty) : null;
      if (selection === undefined) continue;
      if (!before && target.plane === 'pixels' && this.#effect !== 'paint') continue;
      const after = tileSamples(this.#overlay.writable(tx, ty), format);
      const place = { format, before, after, outside, left: tx * TILE_SIZE, top: ty * TILE_SIZE };
      resolveStroke(this.#effect, place, this.#shownOf(tile, dirty), selection, this.#colour, dirty);
      rects.push(dirty);
    }
    return this.#overlay.wrote(rects);
  }
}
