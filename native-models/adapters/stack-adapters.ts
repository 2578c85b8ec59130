import type { LowRankPair } from './low-rank-pair.ts';

/** One layer's pair, and how strongly it acts. */
export interface WeightedPair {
  readonly pair: LowRankPair;
  /** 1 is the strength that the adapter was trained at. */
  readonly strength: number;
}

/** Inputs of a site, laid out as `LowRankPair` says; scales and strengths are multiplied into `b`. */
export interface StackedPair {
  readonly rank: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** A site as far as its inputs depend on it: its weight's shape. */
export interface SiteShape {
  readonly kind: 'linear' | 'conv';
  /** [out, in] or [out, in, kh, kw]. */
  readonly shape: readonly number[];
}

const LEAST_BUCKET = 4;
const LARGE_STEP = 64;
const LARGEST_POWER = 256;

/**
 * The rank that a stack is padded to, so that a session meets few different shapes: 1 for none, then
 * powers of two from 4 to 256, then multiples of 64.
 */
export function rankBucket(rank: number): number {
  if (rank <= 1) return 1;
  if (rank > LARGEST_POWER) return Math.ceil(rank / LARGE_STEP) * LARGE_STEP;
  let bucket = LEAST_BUCKET;
  while (bucket < rank) bucket *= 2;
  return bucket;
}

/** Copies `rows` rows of `length` values into columns `at` to `at + length` of a wider matrix. */
function placeColumns(
  target: Float32Array,
  targetWidth: number,
  source: Float32Array,
  length: number,
  at: number,
  factor: number,
): void {
  for (let row = 0; row * length < source.length; row += 1) {
    for (let c = 0; c < length; c += 1) {
      target[row * targetWidth + at + c] = factor * (source[row * length + c] ?? 0);
    }
  }
}

/**
 * Several adapters of one site as one: A = [A1 | A2], B = [s1 B1; s2 B2], padded with zeros to
 * `rankBucket`. Without adapters the result is rank 1 of zeros (rank 0 crashes some providers).
 *
 * @param least a rank to pad to at least, so that all sites can share one.
 * @throws RangeError if a pair is of another site's shape, or a strength is no finite number.
 */
export function stackPairs(site: SiteShape, pairs: readonly WeightedPair[], least = 1): StackedPair {
  const [out = 0, inner = 0, height = 1, width = 1] = site.shape;
  const used = pairs.reduce((sum, { pair }) => sum + pair.rank, 0);
  const rank = rankBucket(Math.max(used, least));
  const kernel = inner * height * width;
  const a = new Float32Array(rank * kernel);
  const b = new Float32Array(rank * out);
  let at = 0;
  for (const { pair, strength } of pairs) {
    const factor = strength * pair.scale;
    if (!Number.isFinite(factor)) throw new RangeError(`Strength ${strength} is no finite number`);
    if (
      pair.kind !== site.kind ||
      pair.a.length !== pair.rank * kernel ||
      pair.b.length !== pair.rank * out
    ) {
      throw new RangeError(
        `A pair of shape [${pair.shape.join(', ')}] does not fit [${site.shape.join(', ')}]`,
      );
    }
    if (site.kind === 'linear') {
      placeColumns(a, rank, pair.a, pair.rank, at, 1);
      for (let i = 0; i < pair.b.length; i += 1) b[at * out + i] = factor * (pair.b[i] ?? 0);
    } else {
      a.set(pair.a, at * kernel);
      placeColumns(b, rank, pair.b, pair.rank, at, factor);
    }
    at += pair.rank;
  }
  return { rank, a, b };
}
