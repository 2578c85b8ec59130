import type { TipShape } from './brush.ts';
import { hash, TileableNoise } from './value-noise.ts';

/** A shape that is made by formula. */
type FormulaShape = Exclude<TipShape, 'round' | 'bitmap'>;

/** Edge of the largest bitmap of a shape. */
const EDGE = 128;

/** A shape in halving sizes, each `edge * edge` values 0..1. */
export interface ShapeLevels {
  readonly levels: readonly { readonly edge: number; readonly alpha: Float32Array }[];
}

const made = new Map<TipShape, ShapeLevels>();

/** The bitmaps of a shape other than round, made by formula once and kept. */
export function shapeLevels(shape: FormulaShape): ShapeLevels {
  const kept = made.get(shape);
  if (kept) return kept;
  const alphaAt = formulaOf(shape);
  const alpha = Float32Array.from({ length: EDGE * EDGE }, (_, i) => {
    const x = ((i % EDGE) + 0.5) / (EDGE / 2) - 1;
    const y = (Math.floor(i / EDGE) + 0.5) / (EDGE / 2) - 1;
    return Math.min(1, Math.max(0, alphaAt(x, y)));
  });
  const shapes = halvingLevels(alpha, EDGE);
  made.set(shape, shapes);
  return shapes;
}

/** A square bitmap with its halves, quarters … down to 4 pixels. `edge` is a power of two. */
export function halvingLevels(full: Float32Array, edge: number): ShapeLevels {
  const levels = [{ edge, alpha: full }];
  for (let size = edge, alpha = full; size > 4; size /= 2) {
    alpha = halve(alpha, size);
    levels.push({ edge: size / 2, alpha });
  }
  return { levels };
}

/** Alpha of a shape at (x, y), -1..1. */
function formulaOf(shape: FormulaShape): (x: number, y: number) => number {
  switch (shape) {
    case 'chalk': {
      const rough = new TileableNoise(26, 26, 21);
      const edge = new TileableNoise(9, 9, 22);
      return (x, y) => {
        const reach = 0.94 - 0.22 * edge.at((x + 1) / 2, (y + 1) / 2);
        const inside = step(reach - Math.hypot(x, y), 0.08);
        return inside * step(rough.at((x + 1) / 2, (y + 1) / 2) - 0.34, 0.3);
      };
    }
    case 'sponge': {
      const holes = new TileableNoise(11, 11, 31);
      const fine = new TileableNoise(27, 27, 32);
      return (x, y) => {
        const body = 0.7 * holes.at((x + 1) / 2, (y + 1) / 2) + 0.3 * fine.at((x + 1) / 2, (y + 1) / 2);
        return step(0.84 - Math.hypot(x, y), 0.3) * step(body - 0.47, 0.12);
      };
    }
    case 'bristle':
      return dots(
        90,
        41,
        (i) => ({ angle: hash(i, 42), reach: Math.sqrt(hash(i, 43)) * 0.9, size: 0.03 + 0.05 * hash(i, 44) }),
        1,
      );
    case 'dry':
      return dots(
        60,
        51,
        (i) => ({
          angle: hash(i, 52),
          reach: Math.sqrt(hash(i, 53)) * 0.93,
          size: 0.02 + 0.03 * hash(i, 54),
        }),
        0.35,
      );
    case 'splatter':
      return dots(
        46,
        61,
        (i) => ({
          angle: hash(i, 62),
          reach: hash(i, 63) ** 0.7 * 0.9,
          size: 0.015 + 0.1 * hash(i, 64) ** 4,
        }),
        1,
      );
  }
}

interface Dot {
  readonly angle: number;
  readonly reach: number;
  readonly size: number;
}

/** Round dots within the disc, the disc squeezed along y by `flat`. */
function dots(
  count: number,
  seed: number,
  dot: (i: number) => Dot,
  flat: number,
): (x: number, y: number) => number {
  const placed = Array.from({ length: count }, (_, i) => {
    const { angle, reach, size } = dot(i);
    const turn = angle * 2 * Math.PI;
    return {
      x: Math.cos(turn) * reach,
      y: Math.sin(turn) * reach * flat,
      size,
      strength: 0.45 + 0.55 * hash(i, seed),
    };
  });
  return (x, y) => {
    let clear = 1;
    for (const each of placed) {
      const inside = step(each.size - Math.hypot(x - each.x, y - each.y), 0.03);
      clear *= 1 - inside * each.strength;
    }
    return 1 - clear;
  };
}

/** 0 below, 1 above, over a width. */
function step(value: number, width: number): number {
  const t = Math.min(1, Math.max(0, value / width + 0.5));
  return t * t * (3 - 2 * t);
}

function halve(alpha: Float32Array, edge: number): Float32Array<ArrayBuffer> {
  const half = edge / 2;
  return Float32Array.from({ length: half * half }, (_, i) => {
    const at = Math.floor(i / half) * 2 * edge + (i % half) * 2;
    return (
      ((alpha[at] ?? 0) + (alpha[at + 1] ?? 0) + (alpha[at + edge] ?? 0) + (alpha[at + edge + 1] ?? 0)) / 4
    );
  });
}
