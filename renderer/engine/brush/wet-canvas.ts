import type { Rect } from '../geometry/rect.ts';
import type { PaintTarget } from '../layers/paint-target.ts';
import { TILE_SIZE, tileKey, tileSamples } from '../tiles/tile.ts';
import type { Dab } from './dab.ts';

/** Pixels lifted off the canvas: premultiplied RGBA 0..1 of a rectangle, row by row. */
type Lifted = Float32Array;

/**
 * A target's pixels while they are worked on: premultiplied RGBA, 0..1, single precision, so that faint mixing goes on.
 * A mask is opaque grey.
 */
export class WetCanvas {
  readonly #target: PaintTarget;
  readonly #alphaLocked: boolean;
  readonly #tiles = new Map<number, Float32Array>();
  readonly #mean = new Float64Array(4);

  constructor(target: PaintTarget) {
    this.#target = target;
    this.#alphaLocked = target.alphaLocked;
  }

  /** Mean colour under a dab, by a few dozen points within it; the same array each time. */
  mean(dab: Dab): Float64Array {
    const mean = this.#mean.fill(0);
    const step = Math.max(1, dab.radius / 4);
    let count = 0;
    for (let dy = -dab.radius; dy <= dab.radius; dy += step) {
      for (let dx = -dab.radius; dx <= dab.radius; dx += step) {
        if (dx * dx + dy * dy > dab.radius * dab.radius) continue;
        this.#add(mean, Math.floor(dab.x + dx), Math.floor(dab.y + dy));
        count++;
      }
    }
    for (let k = 0; k < 4; k++) mean[k] = (mean[k] ?? 0) / Math.max(1, count);
    return mean;
  }

  /** A copy of the pixels that lie (dx, dy) from a rectangle's. */
  lift(rect: Rect, dx: number, dy: number): Lifted {
    const out = new Float32Array(rect.width * rect.height * 4);
    let to = 0;
    for (let y = rect.y + dy; y < rect.y + dy + rect.height; y++) {
      const ty = Math.floor(y / TILE_SIZE);
      for (let x = rect.x + dx; x < rect.x + dx + rect.width;) {
        const tx = Math.floor(x / TILE_SIZE);
        const run = Math.min(rect.x + dx + rect.width, (tx + 1) * TILE_SIZE) - x;
        const tile = this.#read(tx, ty);
        const from = ((y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE) * 4;
        if (tile) out.set(tile.subarray(from, from + run * 4), to);
        to += run * 4;
        x += run;
      }
    }
    return out;
  }

  /** Mixes one colour in by weight. */
  mixColour(
    tx: number,
    ty: number,
    rect: Rect,
    weights: Float32Array,
    selection: Uint8Array | null,
    colour: Float64Array,
  ): void {
    const tile = this.#writable(tx, ty);
    const [r = 0, g = 0, b = 0, a = 0] = colour;
    for (let y = rect.y - ty * TILE_SIZE; y < rect.y - ty * TILE_SIZE + rect.height; y++) {
      let at = y * TILE_SIZE + rect.x - tx * TILE_SIZE;
      for (let x = 0; x < rect.width; x++, at++) {
        let w = weights[at] as number;
        if (selection) w *= (selection[at] as number) / 255;
        if (w > 0) this.#mix(tile, at * 4, w, r, g, b, a);
      }
    }
  }

  /** Mixes lifted pixels in by weight; `lifted` covers `bounds`. */
  mixPixels(
    tx: number,
    ty: number,
    rect: Rect,
    weights: Float32Array,
    selection: Uint8Array | null,
    lifted: Lifted,
    bounds: Rect,
  ): void {
    const tile = this.#writable(tx, ty);
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      let at = (y - ty * TILE_SIZE) * TILE_SIZE + rect.x - tx * TILE_SIZE;
      let from = ((y - bounds.y) * bounds.width + rect.x - bounds.x) * 4;
      for (let x = 0; x < rect.width; x++, at++, from += 4) {
        let w = weights[at] as number;
        if (selection) w *= (selection[at] as number) / 255;
        if (w === 0) continue;
        this.#mix(
          tile,
          at * 4,
          w,
          lifted[from] as number,
          lifted[from + 1] as number,
          lifted[from + 2] as number,
          lifted[from + 3] as number,
        );
      }
    }
  }

  /** Writes a rectangle of a tile as the target stores it. */
  store(tx: number, ty: number, rect: Rect, bytes: Uint8Array): void {
    const tile = this.#writable(tx, ty);
    const { format } = this.#target;
    const { maximum } = format;
    const out = tileSamples(bytes, format);
    for (let y = rect.y - ty * TILE_SIZE; y < rect.y - ty * TILE_SIZE + rect.height; y++) {
      let i = (y * TILE_SIZE + rect.x - tx * TILE_SIZE) * 4;
      for (let x = 0; x < rect.width; x++, i += 4) {
        const alpha = tile[i + 3] as number;
        if (format.channels === 1) {
          const luma =
            0.3 * (tile[i] as number) + 0.59 * (tile[i + 1] as number) + 0.11 * (tile[i + 2] as number);
          out[i >> 2] = (luma * maximum + 0.5) | 0;
          continue;
        }
        out[i + 3] = (alpha * maximum + 0.5) | 0;
        if (alpha === 0) continue;
        const scale = maximum / alpha;
        out[i] = ((tile[i] as number) * scale + 0.5) | 0;
        out[i + 1] = ((tile[i + 1] as number) * scale + 0.5) | 0;
        out[i + 2] = ((tile[i + 2] as number) * scale + 0.5) | 0;
      }
    }
  }

  #mix(tile: Float32Array, i: number, w: number, r: number, g: number, b: number, a: number): void {
    const before = tile[i + 3] as number;
    const after = before + w * (a - before);
    // With alpha locked only the mixture's colour is taken.
    const keep = this.#alphaLocked ? (after > 0 ? before / after : 0) : 1;
    if (this.#alphaLocked && keep === 0) return;
    tile[i] = ((tile[i] as number) + w * (r - (tile[i] as number))) * keep;
    tile[i + 1] = ((tile[i + 1] as number) + w * (g - (tile[i + 1] as number))) * keep;
    tile[i + 2] = ((tile[i + 2] as number) + w * (b - (tile[i + 2] as number))) * keep;
    tile[i + 3] = this.#alphaLocked ? before : after;
  }

  #add(sum: Float64Array, x: number, y: number): void {
    const tx = Math.floor(x / TILE_SIZE);
    const ty = Math.floor(y / TILE_SIZE);
    const tile = this.#read(tx, ty);
    if (!tile) return;
    const i = ((y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE) * 4;
    for (let k = 0; k < 4; k++) sum[k] = (sum[k] as number) + (tile[i + k] as number);
  }

  #read(tx: number, ty: number): Float32Array | undefined {
    const kept = this.#tiles.get(tileKey(tx, ty));
    const holds = this.#target.plane === 'mask' || this.#target.tiles.get(tx, ty) !== undefined;
    return kept ?? (holds ? this.#writable(tx, ty) : undefined);
  }

  #writable(tx: number, ty: number): Float32Array {
    const key = tileKey(tx, ty);
    const kept = this.#tiles.get(key);
    if (kept) return kept;
    const tile = new Float32Array(TILE_SIZE * TILE_SIZE * 4);
    const source = this.#target.samples(tx, ty);
    const { plane, outside, format } = this.#target;
    const { maximum } = format;
    if (plane === 'mask') {
      for (let i = 0; i < tile.length; i += 4) {
        tile.fill((source ? (source[i >> 2] as number) : outside) / maximum, i, i + 3);
        tile[i + 3] = 1;
      }
    } else if (source) {
      for (let i = 0; i < tile.length; i += 4) {
        const alpha = (source[i + 3] as number) / maximum;
        tile[i] = ((source[i] as number) / maximum) * alpha;
        tile[i + 1] = ((source[i + 1] as number) / maximum) * alpha;
        tile[i + 2] = ((source[i + 2] as number) / maximum) * alpha;
        tile[i + 3] = alpha;
      }
    }
    this.#tiles.set(key, tile);
    return tile;
  }
}
