import { TILE_SIZE } from '../tiles/tile.ts';
import type { Dab } from './dab.ts';
import { towards, type StampTarget, type Tip } from './tip.ts';

/** Below this radius a pixel's cover is found by looking at points within it. */
const SUPERSAMPLE_RADIUS = 4;

/** A round or elliptic tip by numbers, as the CPU and the shader use them. */
export interface RoundTipShape {
  readonly radius: number;
  /** Of the long axis' turn. */
  readonly cos: number;
  readonly sin: number;
  /** Long axis over short axis. */
  readonly stretch: number;
  /** Points looked at within a pixel, along each axis. */
  readonly samples: number;
  /** Middle of the ramp and half its width, in pixels along the long axis. */
  readonly edge: number;
  readonly half: number;
}

/**
 * The shape of a dab: full inside, a smoothstep ramp around the edge, nothing outside. Hardness sets the ramp's width,
 * down to one pixel, which is the anti-aliasing. The radius is shrunk a little so that the cover of a hard disc sums to
 * its area, π r².
 */
export function roundTipShape({ radius, hardness, roundness, angle }: Dab): RoundTipShape {
  const short = radius * roundness;
  const samples = short >= SUPERSAMPLE_RADIUS ? 1 : short >= 1 ? 4 : 8;
  const soft = radius * (1 - hardness);
  const ramp = Math.max(1 / samples, soft);
  const middle = radius - soft / 2;
  // A smoothstep ramp of width w around r covers π (r² + w² / 20).
  const edge = soft < 1 / samples ? Math.sqrt(Math.max(0, middle * middle - (ramp * ramp) / 20)) : middle;
  return {
    radius,
    cos: Math.cos(angle),
    sin: Math.sin(angle),
    stretch: 1 / roundness,
    samples,
    edge,
    half: ramp / 2,
  };
}

/** A round or elliptic tip: the cover of a pixel by its distance from the centre. */
export class RoundTip implements Tip {
  readonly #radius: number;
  readonly #cos: number;
  readonly #sin: number;
  readonly #stretch: number;
  readonly #samples: number;
  readonly #edge: number;
  readonly #half: number;

  constructor(dab: Dab) {
    const shape = roundTipShape(dab);
    this.#radius = shape.radius;
    this.#cos = shape.cos;
    this.#sin = shape.sin;
    this.#stretch = shape.stretch;
    this.#samples = shape.samples;
    this.#edge = shape.edge;
    this.#half = shape.half;
  }

  stamp(target: StampTarget, left: number, top: number, limit: number, weight: number): void {
    if (this.#samples > 1) this.#stampSmall(target, left, top, limit, weight);
    else if (this.#stretch === 1) this.#stampDisc(target, left, top, limit, weight);
    else this.#stampEllipse(target, left, top, limit, weight);
  }

  #stampDisc(
    { cover, part, grain, grainShare = 1 }: StampTarget,
    left: number,
    top: number,
    limit: number,
    weight: number,
  ): void {
    const inner = Math.max(0, this.#edge - this.#half);
    const outer = this.#edge + this.#half;
    const inner2 = this.#edge - this.#half > 0 ? inner * inner : -1;
    const outer2 = outer * outer;
    const scale = 0.5 / this.#half;
    for (let y = part.y0; y < part.y1; y++) {
      const dy = y + 0.5 - top;
      const chord = outer2 - dy * dy;
      if (chord <= 0) continue;
      const reach = Math.sqrt(chord);
      const x0 = Math.max(part.x0, Math.floor(left - reach));
      const x1 = Math.min(part.x1, Math.ceil(left + reach));
      let i = y * TILE_SIZE + x0;
      for (let x = x0; x < x1; x++, i++) {
        const before = cover[i] as number;
        if (before >= limit) continue;
        const dx = x + 0.5 - left;
        const d2 = dx * dx + dy * dy;
        if (d2 >= outer2) continue;
        let full = 1;
        if (d2 > inner2) {
          const u = (outer - Math.sqrt(d2)) * scale;
          full = u >= 1 ? 1 : u * u * (3 - 2 * u);
        }
        if (grain) full *= 1 - grainShare * (1 - (grain[i] as number));
        cover[i] = towards(before, limit, weight * full);
      }
    }
  }

  #stampEllipse(
    { cover, part, grain, grainShare = 1 }: StampTarget,
    left: number,
    top: number,
    limit: number,
    weight: number,
  ): void {
    for (let y = part.y0; y < part.y1; y++) {
      const dy = y + 0.5 - top;
      let i = y * TILE_SIZE + part.x0;
      for (let x = part.x0; x < part.x1; x++, i++) {
        const before = cover[i] as number;
        if (before >= limit) continue;
        const full = this.#coverAt(x + 0.5 - left, dy);
        if (full > 0)
          cover[i] = towards(
            before,
            limit,
            weight * full * (grain ? 1 - grainShare * (1 - (grain[i] as number)) : 1),
          );
      }
    }
  }

  #stampSmall(
    { cover, part, grain, grainShare = 1 }: StampTarget,
    left: number,
    top: number,
    limit: number,
    weight: number,
  ): void {
    const n = this.#samples;
    const first = 0.5 / n;
    for (let y = part.y0; y < part.y1; y++) {
      let i = y * TILE_SIZE + part.x0;
      for (let x = part.x0; x < part.x1; x++, i++) {
        const before = cover[i] as number;
        if (before >= limit) continue;
        let full = 0;
        for (let v = 0; v < n; v++) {
          for (let u = 0; u < n; u++)
            full += this.#coverAt(x + first + u / n - left, y + first + v / n - top);
        }
        if (full > 0)
          cover[i] = towards(
            before,
            limit,
            ((weight * full) / (n * n)) * (grain ? 1 - grainShare * (1 - (grain[i] as number)) : 1),
          );
      }
    }
  }

  /** Cover of the point at an offset from the centre. */
  #coverAt(dx: number, dy: number): number {
    const u = dx * this.#cos + dy * this.#sin;
    const v = (dy * this.#cos - dx * this.#sin) * this.#stretch;
    const d = Math.sqrt(u * u + v * v);
    if (d > this.#radius + 1 + this.#stretch) return 0;
    // Along the short axis the scaled distance grows faster than pixels do: the ramp is widened to stay a pixel wide.
    const half = this.#stretch === 1 || d === 0 ? this.#half : this.#rampAcross(u, v, d);
    const t = (this.#edge + half - d) / (2 * half);
    if (t <= 0) return 0;
    return t >= 1 ? 1 : t * t * (3 - 2 * t);
  }

  #rampAcross(u: number, v: number, d: number): number {
    const gradient = Math.sqrt(u * u + v * v * this.#stretch * this.#stretch) / d;
    return Math.max(this.#half, (0.5 / this.#samples) * gradient);
  }
}
