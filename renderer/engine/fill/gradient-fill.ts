import { pixelChange, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import type { FillPoint, GradientShape, GradientStop } from '../layers/fill.ts';
import type { LayerOverlay, PlaneName } from '../layers/layer.ts';
import { PaintTarget } from '../layers/paint-target.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { tileDifference } from '../tiles/difference.ts';
import { TILE_SIZE, tileKey, tileRange, tileRect, tileSamples, type TileChange } from '../tiles/tile.ts';
import { gradientPlace, packStops, sampleStops, type PackedStops } from './gradient.ts';

/** A gradient as it is laid over a layer. */
export interface GradientFill {
  readonly shape: GradientShape;
  /** Where place 0 is, in document pixels; of radial and angle the centre. */
  readonly from: FillPoint;
  /** Where place 1 is. */
  readonly to: FillPoint;
  /** At least one; colours 0..1 in the document's colour space. */
  readonly stops: readonly GradientStop[];
  /** 0..1, of the whole. */
  readonly opacity: number;
  /** Breaks up bands by noise of half a step; without it equal places have equal colours. */
  readonly dither: boolean;
}

/** A value that looks random, -0.5..0.5, the same for a pixel each time. */
function noiseAt(x: number, y: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32 - 0.5;
}

/** Colours times opacity, so that a transparent stop lends no colour. */
function premultiplied(stops: readonly GradientStop[]): PackedStops {
  return packStops(
    stops.map(({ at, colour: [r, g, b], opacity }) => [at, r * opacity, g * opacity, b * opacity, opacity]),
  );
}

/** Lays a gradient over one plane of a layer, tile by tile. */
class GradientPainter {
  readonly bounds: Rect;
  readonly #target: PaintTarget;
  readonly #mask: SelectionMask | null;
  readonly #gradient: GradientFill;
  readonly #stops: PackedStops;
  readonly #sample = new Float64Array(4);

  constructor(
    document: PaintDocument,
    layerId: string,
    mask: SelectionMask | null,
    gradient: GradientFill,
    plane: PlaneName,
  ) {
    this.#target = new PaintTarget(document, layerId, plane);
    this.#mask = mask;
    this.#gradient = gradient;
    this.#stops = premultiplied(gradient.stops);
    this.bounds = mask ? intersectRect(mask.bounds(), document.canvas) : document.canvas;
  }

  /** A tile with the gradient over it, or undefined where nothing of it is covered. */
  tile(tx: number, ty: number): Uint8Array | undefined {
    const selection = this.#mask?.get(tx, ty) ?? null;
    const rect = intersectRect(this.bounds, tileRect(tx, ty));
    if (isEmptyRect(rect) || (this.#mask && !selection)) return undefined;
    if (this.#target.alphaLocked && !this.#target.samples(tx, ty)) return undefined;
    const data = this.#target.copy(tx, ty);
    const samples = tileSamples(data, this.#target.format);
    const { shape, from, to, opacity, dither } = this.#gradient;
    const grey = this.#target.format.channels === 1;
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        const at = (y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE;
        const cover = selection ? (opacity * (selection[at] as number)) / 255 : opacity;
        if (cover === 0) continue;
        sampleStops(this.#stops, gradientPlace(shape, from, to, x + 0.5, y + 0.5), this.#sample, 0);
        const noise = dither ? noiseAt(x, y) : 0;
        if (grey) this.#mixGrey(samples, at, cover, noise);
        else this.#mixColour(samples, at * 4, cover, noise);
      }
    }
    return data;
  }

  /** @returns tiles that differ from what is there. */
  changes(): TileChange[] {
    const target = this.#target;
    const tiles: TileChange[] = [];
    const range = tileRange(this.bounds);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const data = this.tile(tx, ty);
        if (!data) continue;
        const before = target.tiles.get(tx, ty) ?? null;
        if (!isEmptyRect(tileDifference(before, data, target.format, target.outside)))
          tiles.push({ x: tx, y: ty, data: target.stored(data) });
      }
    }
    return tiles;
  }

  #mixGrey(samples: Uint8Array | Uint16Array, at: number, cover: number, noise: number): void {
    const [r = 0, g = 0, b = 0, a = 0] = this.#sample;
    const { maximum } = this.#target.format;
    // Already times opacity: what the mask value goes towards, and how far.
    const goal = (0.3 * r + 0.59 * g + 0.11 * b) * maximum * cover;
    const value = goal + (samples[at] as number) * (1 - a * cover);
    samples[at] = Math.min(maximum, Math.max(0, Math.round(value + noise)));
  }

  #mixColour(samples: Uint8Array | Uint16Array, at: number, cover: number, noise: number): void {
    const { maximum } = this.#target.format;
    const under = (samples[at + 3] as number) / maximum;
    const over = (this.#sample[3] as number) * cover;
    const locked = this.#target.alphaLocked;
    const alpha = locked ? under : over + under * (1 - over);
    if (alpha === 0) return;
    for (let k = 0; k < 3; k++) {
      const own = (this.#sample[k] as number) * cover * (locked ? under : 1);
      const value = (own * maximum + (samples[at + k] as number) * under * (1 - over)) / alpha;
      samples[at + k] = Math.min(maximum, Math.max(0, Math.round(value + noise)));
    }
    if (!locked) samples[at + 3] = Math.round(alpha * maximum);
  }
}

/**
 * Lays a gradient over a layer or its mask: source-over within the selection, alpha kept where it is locked, a mask
 * towards the gradient's luma. Colours are mixed premultiplied between stops.
 * @param mask what is selected; null for the whole canvas.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function gradientChanges(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask | null,
  gradient: GradientFill,
  plane: PlaneName = 'pixels',
): Change[] {
  const tiles = new GradientPainter(document, layerId, mask, gradient, plane).changes();
  return tiles.length > 0 ? [pixelChange(plane, layerId, tiles)] : [];
}

/** What `gradientChanges` would write, to be looked at: tiles are made when they are asked for. @throws EngineError */
export function gradientOverlay(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask | null,
  gradient: GradientFill,
  plane: PlaneName = 'pixels',
): LayerOverlay {
  const painter = new GradientPainter(document, layerId, mask, gradient, plane);
  const made = new Map<number, Uint8Array | undefined>();
  return {
    bounds: painter.bounds,
    get(tx, ty) {
      const key = tileKey(tx, ty);
      if (!made.has(key)) made.set(key, painter.tile(tx, ty));
      return made.get(key);
    },
  };
}
