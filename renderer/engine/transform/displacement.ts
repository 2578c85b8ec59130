import type { Rect } from '../geometry/rect.ts';
import type { Point } from './affine.ts';
import type { BackMap } from './resample-back.ts';

/** Document pixels between two nodes of the field. */
const STEP = 4;

/** What a dab of liquify does around its middle. */
export type LiquifyDab =
  /** Shoves along (dx, dy) document pixels. */
  | { readonly kind: 'push'; readonly dx: number; readonly dy: number }
  /** Turns by an angle in radians, clockwise on the screen. */
  | { readonly kind: 'twirl'; readonly angle: number }
  /** Draws together (0 < amount < 1) or pushes apart (-1 < amount < 0). */
  | { readonly kind: 'pinch'; readonly amount: number }
  /** Takes back a share of what was done. */
  | { readonly kind: 'restore'; readonly amount: number };

/**
 * Where each place of a picture comes from: a displacement at every fourth pixel, linear between. The picture itself is
 * resampled once from its untouched pixels, however many dabs there were, so that it does not grow soft.
 */
export class DisplacementField {
  readonly rect: Rect;
  readonly #columns: number;
  readonly #rows: number;
  /** Two numbers a node, document pixels. */
  readonly #values: Float32Array;

  /** @param rect outside which nothing is displaced. */
  constructor(rect: Rect) {
    this.rect = rect;
    this.#columns = Math.ceil(rect.width / STEP) + 1;
    this.#rows = Math.ceil(rect.height / STEP) + 1;
    this.#values = new Float32Array(this.#columns * this.#rows * 2);
  }

  /** The displacement at a place. */
  at(x: number, y: number, out: Float64Array): void {
    const u = (x - this.rect.x) / STEP;
    const v = (y - this.rect.y) / STEP;
    if (u < 0 || v < 0 || u > this.#columns - 1 || v > this.#rows - 1) {
      out[0] = 0;
      out[1] = 0;
      return;
    }
    const column = Math.min(this.#columns - 2, Math.floor(u));
    const row = Math.min(this.#rows - 2, Math.floor(v));
    const fu = u - column;
    const fv = v - row;
    const i = (row * this.#columns + column) * 2;
    const below = i + this.#columns * 2;
    for (let k = 0; k < 2; k++) {
      const upper = (this.#values[i + k] as number) * (1 - fu) + (this.#values[i + 2 + k] as number) * fu;
      const lower =
        (this.#values[below + k] as number) * (1 - fu) + (this.#values[below + 2 + k] as number) * fu;
      out[k] = upper * (1 - fv) + lower * fv;
    }
  }

  /** The map that `resampleBack` takes. */
  back(): BackMap {
    const shift = new Float64Array(2);
    return (x, y, out) => {
      this.at(x, y, shift);
      out[0] = x + (shift[0] as number);
      out[1] = y + (shift[1] as number);
      return true;
    };
  }

  /**
   * One dab: full in the middle, nothing at the radius, smooth between.
   * @param weightAt how much a place may be moved, 0..1: what is not selected stays.
   * @returns the rectangle in which something may have moved.
   */
  dab(middle: Point, radius: number, dab: LiquifyDab, weightAt: (x: number, y: number) => number): Rect {
    const left = Math.max(0, Math.floor((middle.x - radius - this.rect.x) / STEP));
    const top = Math.max(0, Math.floor((middle.y - radius - this.rect.y) / STEP));
    const right = Math.min(this.#columns - 1, Math.ceil((middle.x + radius - this.rect.x) / STEP));
    const bottom = Math.min(this.#rows - 1, Math.ceil((middle.y + radius - this.rect.y) / STEP));
    const made: number[] = [];
    const from = new Float64Array(2);
    const old = new Float64Array(2);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const x = this.rect.x + column * STEP;
        const y = this.rect.y + row * STEP;
        const reach = 1 - ((x - middle.x) ** 2 + (y - middle.y) ** 2) / (radius * radius);
        const i = (row * this.#columns + column) * 2;
        const weight = reach > 0 ? reach * reach * weightAt(x, y) : 0;
        if (weight === 0) {
          made.push(this.#values[i] as number, this.#values[i + 1] as number);
          continue;
        }
        if (dab.kind === 'restore') {
          const kept = 1 - weight * dab.amount;
          made.push((this.#values[i] as number) * kept, (this.#values[i + 1] as number) * kept);
          continue;
        }
        source(dab, middle, x, y, weight, from);
        // What is seen here now comes from where the dab takes it, and from there by what was done before.
        this.at(from[0] as number, from[1] as number, old);
        made.push((from[0] as number) - x + (old[0] as number), (from[1] as number) - y + (old[1] as number));
      }
    }
    let at = 0;
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const i = (row * this.#columns + column) * 2;
        this.#values[i] = made[at++] as number;
        this.#values[i + 1] = made[at++] as number;
      }
    }
    const x = Math.floor(middle.x - radius) - STEP;
    const y = Math.floor(middle.y - radius) - STEP;
    const edge = Math.ceil(2 * radius) + 2 * STEP + 1;
    return { x, y, width: edge, height: edge };
  }
}

function source(
  dab: Exclude<LiquifyDab, { kind: 'restore' }>,
  middle: Point,
  x: number,
  y: number,
  weight: number,
  out: Float64Array,
): void {
  const dx = x - middle.x;
  const dy = y - middle.y;
  switch (dab.kind) {
    case 'push':
      out[0] = x - dab.dx * weight;
      out[1] = y - dab.dy * weight;
      return;
    case 'twirl': {
      const cos = Math.cos(-dab.angle * weight);
      const sin = Math.sin(-dab.angle * weight);
      out[0] = middle.x + dx * cos - dy * sin;
      out[1] = middle.y + dx * sin + dy * cos;
      return;
    }
    case 'pinch': {
      const scale = 1 + dab.amount * weight;
      out[0] = middle.x + dx * scale;
      out[1] = middle.y + dy * scale;
    }
  }
}
