/** Smooth noise on a square that repeats at its edges, 0..1. */
export class TileableNoise {
  readonly #values: Float32Array;
  readonly #across: number;
  readonly #down: number;

  /** @param across lattice cells along x, `down` along y; the seed chooses among noises. */
  constructor(across: number, down: number, seed: number) {
    this.#across = Math.max(1, Math.round(across));
    this.#down = Math.max(1, Math.round(down));
    this.#values = Float32Array.from({ length: this.#across * this.#down }, (_, i) => hash(i, seed));
  }

  /** The noise at (u, v), where 0..1 is the whole square. */
  at(u: number, v: number): number {
    const x = (u - Math.floor(u)) * this.#across;
    const y = (v - Math.floor(v)) * this.#down;
    const x0 = Math.floor(x) % this.#across;
    const y0 = Math.floor(y) % this.#down;
    const x1 = (x0 + 1) % this.#across;
    const y1 = (y0 + 1) % this.#down;
    const fx = ease(x - Math.floor(x));
    const fy = ease(y - Math.floor(y));
    const top = this.#value(x0, y0) + (this.#value(x1, y0) - this.#value(x0, y0)) * fx;
    const bottom = this.#value(x0, y1) + (this.#value(x1, y1) - this.#value(x0, y1)) * fx;
    return top + (bottom - top) * fy;
  }

  #value(x: number, y: number): number {
    return this.#values[y * this.#across + x] ?? 0;
  }
}

/** A number 0..1 for an index and a seed; neighbours have nothing to do with each other. */
export function hash(index: number, seed: number): number {
  let h = Math.imul(index, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
