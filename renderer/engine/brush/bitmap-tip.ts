import { TILE_SIZE } from '../tiles/tile.ts';
import type { Dab } from './dab.ts';
import type { ShapeLevels } from './tip-shapes.ts';
import { towards, type StampTarget, type Tip } from './tip.ts';

/** A tip from a bitmap, turned, squeezed and scaled: bilinear within the size whose texels are about a pixel. */
export class BitmapTip implements Tip {
  readonly #alpha: Float32Array;
  readonly #edge: number;
  /** From pixels about the centre to texels about the middle of the bitmap. */
  readonly #ux: number;
  readonly #uy: number;
  readonly #vx: number;
  readonly #vy: number;

  constructor(dab: Dab, { levels }: ShapeLevels) {
    const diameter = dab.radius * 2;
    const level = levels.find(({ edge }) => edge <= diameter * 1.5) ?? levels.at(-1);
    this.#alpha = level?.alpha ?? new Float32Array(1);
    this.#edge = level?.edge ?? 1;
    const scale = this.#edge / diameter;
    const cos = Math.cos(dab.angle) * scale;
    const sin = Math.sin(dab.angle) * scale;
    this.#ux = cos;
    this.#uy = sin;
    this.#vx = -sin / dab.roundness;
    this.#vy = cos / dab.roundness;
  }

  stamp(
    { cover, part, grain, grainShare = 1 }: StampTarget,
    left: number,
    top: number,
    limit: number,
    weight: number,
  ): void {
    const middle = this.#edge / 2 - 0.5;
    for (let y = part.y0; y < part.y1; y++) {
      const dy = y + 0.5 - top;
      let i = y * TILE_SIZE + part.x0;
      let u = (part.x0 + 0.5 - left) * this.#ux + dy * this.#uy + middle;
      let v = (part.x0 + 0.5 - left) * this.#vx + dy * this.#vy + middle;
      for (let x = part.x0; x < part.x1; x++, i++, u += this.#ux, v += this.#vx) {
        const before = cover[i] as number;
        if (before >= limit) continue;
        let full = this.#at(u, v);
        if (full === 0) continue;
        if (grain) full *= 1 - grainShare * (1 - (grain[i] as number));
        cover[i] = towards(before, limit, weight * full);
      }
    }
  }

  #at(u: number, v: number): number {
    const edge = this.#edge;
    if (u <= -1 || v <= -1 || u >= edge || v >= edge) return 0;
    const x = Math.floor(u);
    const y = Math.floor(v);
    const fx = u - x;
    const fy = v - y;
    const top = this.#texel(x, y) * (1 - fx) + this.#texel(x + 1, y) * fx;
    const bottom = this.#texel(x, y + 1) * (1 - fx) + this.#texel(x + 1, y + 1) * fx;
    return top * (1 - fy) + bottom * fy;
  }

  #texel(x: number, y: number): number {
    const edge = this.#edge;
    return x < 0 || y < 0 || x >= edge || y >= edge ? 0 : (this.#alpha[y * edge + x] as number);
  }
}
