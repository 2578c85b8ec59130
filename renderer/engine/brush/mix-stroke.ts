import type { Change } from '../changes.ts';
import { hsvToRgb, rgbToHsv } from '../colour/hsv.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileKey, tileRange, tileRect } from '../tiles/tile.ts';
import type { Brush, BrushColour, Sample } from './brush.ts';
import { dabBounds, type Dab } from './dab.ts';
import type { DualCover } from './dual-cover.ts';
import type { DabSource } from './dab-source.ts';
import { grainTile } from './grain.ts';
import { makeTip } from './make-tip.ts';
import { StrokeRandom } from './random.ts';
import type { StrokeOverlay } from './stroke-overlay.ts';
import type { SelectionSource, Stroke } from './stroke-in-progress.ts';
import { WetCanvas } from './wet-canvas.ts';

/**
 * A stroke whose colour changes from dab to dab: it takes up what lies under it (dulling: the mean colour, as in Krita
 * and MyPaint; smearing: the pixels themselves), strays at random, or both. Each dab is laid on by itself:
 * P' = P + w (S - P), premultiplied, w = opacity × flow × tip.
 */
export class MixStroke implements Stroke {
  readonly #overlay: StrokeOverlay;
  readonly #source: DabSource;
  readonly #brush: Brush;
  readonly #colour: BrushColour;
  readonly #selection: SelectionSource | null;
  readonly #clip: Rect;
  readonly #random: StrokeRandom;
  readonly #grain: Float32Array | null;
  readonly #canvas: WetCanvas;
  readonly #dual: DualCover | null;
  readonly #weights = new Float32Array(TILE_SIZE * TILE_SIZE);
  readonly #dirty = new Map<number, { tx: number; ty: number; rect: Rect }>();
  /** What each copy of the tip carries: where it was, and taken-up colour, premultiplied 0..1. */
  readonly #carried: { last: Dab | null; readonly taken: Float64Array }[] = [];

  constructor(
    overlay: StrokeOverlay,
    source: DabSource,
    brush: Brush,
    colour: BrushColour,
    selection: SelectionSource | null,
    clip: Rect,
    seed: number,
    dual: DualCover | null,
  ) {
    this.#dual = dual;
    this.#overlay = overlay;
    this.#source = source;
    this.#brush = brush;
    this.#colour = colour;
    this.#selection = selection;
    this.#clip = clip;
    this.#random = new StrokeRandom(seed ^ 0x5bd1e995);
    this.#grain = brush.grain ? grainTile(brush.grain) : null;
    this.#canvas = new WetCanvas(overlay.target);
  }

  get tip(): { readonly x: number; readonly y: number } | null {
    return this.#source.tip;
  }

  extend(samples: readonly Sample[]): Rect {
    this.#overlay.assertOpen();
    this.#dual?.extend(samples);
    this.#source.extend(samples, (dab, copy) => this.#lay(dab, copy));
    return this.#resolve();
  }

  commit(): Change[] {
    this.#overlay.assertOpen();
    this.#dual?.finish();
    this.#source.finish((dab, copy) => this.#lay(dab, copy));
    this.#resolve();
    return this.#overlay.finish();
  }

  abort(): void {
    this.#overlay.assertOpen();
    this.#overlay.discard();
  }

  #lay(dab: Dab, copy: number): void {
    const bounds = intersectRect(dabBounds(dab, this.#brush.tip === 'bitmap'), this.#clip);
    const carried = (this.#carried[copy] ??= { last: null, taken: new Float64Array(4) });
    const { last } = carried;
    carried.last = dab;
    if (isEmptyRect(bounds)) return;
    const smears = this.#brush.mixing?.smear === true;
    // What is smeared comes from where the pen was, so the first dab only takes hold.
    if (smears && !last) return;
    const smear =
      smears && last
        ? this.#canvas.lift(bounds, Math.round(last.x - dab.x), Math.round(last.y - dab.y))
        : null;
    const colour = smear ? null : this.#colourOf(dab, carried.taken, last === null);
    const tip = makeTip(dab, this.#brush);
    const range = tileRange(bounds);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const selection = this.#selection ? this.#selection.get(tx, ty) : null;
        if (selection === undefined) continue;
        const rect = intersectRect(bounds, tileRect(tx, ty));
        const left = tx * TILE_SIZE;
        const top = ty * TILE_SIZE;
        const part = {
          x0: rect.x - left,
          y0: rect.y - top,
          x1: rect.x + rect.width - left,
          y1: rect.y + rect.height - top,
        };
        for (let y = part.y0; y < part.y1; y++)
          this.#weights.fill(0, y * TILE_SIZE + part.x0, y * TILE_SIZE + part.x1);
        const target = { cover: this.#weights, part, grain: this.#grain, grainShare: dab.grain ?? 1 };
        tip.stamp(target, dab.x - left, dab.y - top, 1, dab.opacity * dab.flow);
        this.#dual?.letThrough(tx, ty, this.#weights, part);
        if (smear) this.#canvas.mixPixels(tx, ty, rect, this.#weights, selection, smear, bounds);
        else if (colour) this.#canvas.mixColour(tx, ty, rect, this.#weights, selection, colour);
        const key = tileKey(tx, ty);
        this.#dirty.set(key, { tx, ty, rect: unionRect(this.#dirty.get(key)?.rect ?? EMPTY_RECT, rect) });
      }
    }
  }

  /** The dab's colour, premultiplied 0..1. */
  #colourOf(dab: Dab, taken: Float64Array, first: boolean): Float64Array {
    const own = this.#strayed(dab.jitter ?? 1);
    const { mixing } = this.#brush;
    if (!mixing) return own;
    const under = this.#canvas.mean(dab);
    const share = first ? 1 : 1 - mixing.length;
    for (let k = 0; k < 4; k++)
      taken[k] = (taken[k] as number) + share * ((under[k] as number) - (taken[k] as number));
    const pickupShare = mixing.pickup * (dab.pickup ?? 1);
    if (pickupShare === 1) return taken;
    // Nothing can be taken up from nothing: over transparency the brush gives its own colour.
    const alpha = taken[3] as number;
    const pickup = pickupShare * alpha;
    for (let k = 0; k < 3 && alpha > 0; k++) {
      const colour = own[k] as number;
      own[k] = colour + pickup * ((taken[k] as number) / alpha - colour);
    }
    return own;
  }

  /** @param share of the brush's jitter, 0..1. */
  #strayed(share: number): Float64Array {
    const rgb = [this.#colour[0] / 255, this.#colour[1] / 255, this.#colour[2] / 255] as const;
    const { jitter } = this.#brush;
    if (!jitter) return Float64Array.of(...rgb, 1);
    const [hue, saturation, value] = rgbToHsv(rgb);
    const stray = (amount: number): number => (this.#random.next() * 2 - 1) * amount * share;
    const unit = (x: number): number => Math.min(1, Math.max(0, x));
    return Float64Array.of(
      ...hsvToRgb([
        hue + 180 * stray(jitter.hue),
        unit(saturation + stray(jitter.saturation)),
        unit(value + stray(jitter.value)),
      ]),
      1,
    );
  }

  #resolve(): Rect {
    const rects: Rect[] = [];
    for (const { tx, ty, rect } of this.#dirty.values()) {
      this.#canvas.store(tx, ty, rect, this.#overlay.writable(tx, ty));
      rects.push(rect);
    }
    this.#dirty.clear();
    return this.#overlay.wrote(rects);
  }
}
