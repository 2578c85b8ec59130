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
const LARGE_STEP = 32;

/**
 * The rank that a stack is padded to, so that a session meets few different shapes: 1 for none, then
 * powers of two from 4 to 32, then multiples of 32. Work grows with the bucket: five adapters of rank 32 are to
 * cost 160, not 256.
 */
export function rankBucket(rank: number): number {
  if (rank <= 1) return 1;
  if (rank > LARGE_STEP) return Math.ceil(rank / LARGE_STEP) * LARGE_STEP;
  let bucket = LEAST_BUCKET;
  while (bucket < rank) bucket *= 2;
  return bucket;
}

/** Copies rows of `length` values into columns `at` to `at + length` of a wider matrix. */
function placeColumns(
  target: Float32Array,
  targetWidth: number,
  source: Float32Array,
  length: number,
  at: number,
  factor: number,
): void {
  // Most factors fill the width: one run over tens of megabytes, between a strength's move and the next step.
  if (length === targetWidth) {
    for (let i = 0; i < source.length; i += 1) target[at + i] = factor * (source[i] as number);
    return;
  }
  for (let from = 0, to = at; from < source.length; from += length, to += targetWidth) {
    for (let c = 0; c < length; c += 1) target[to + c] = factor * (source[from + c] ?? 0);
  }
}

function checkPairs(site: SiteShape, pairs: readonly WeightedPair[]): void {
  const [out = 0, inner = 0, height = 1, width = 1] = site.shape;
  for (const { pair, strength } of pairs) {
    if (!Number.isFinite(strength * pair.scale))
      throw new RangeError(`Strength ${strength} is no finite number`);
    const fits = pair.a.length === pair.rank * inner * height * width && pair.b.length === pair.rank * out;
    if (pair.kind !== site.kind || !fits) {
      throw new RangeError(
        `A pair of shape [${pair.shape.join(', ')}] does not fit [${site.shape.join(', ')}]`,
      );
    }
  }
}

/** The rank of a stack of pairs: the bucket of their sum, or of `least` if that is more. */
function stackedRank(pairs: readonly WeightedPair[], least = 1): number {
  const used = pairs.reduce((sum, { pair }) => sum + pair.rank, 0);
  return rankBucket(Math.max(used, least));
}

/**
 * The first factors side by side, A = [A1 | A2], padded with zeros to `rank`. It does not depend on
 * strengths, so it can be kept while they move.
 */
function stackDown(site: SiteShape, pairs: readonly WeightedPair[], rank: number): Float32Array {
  const [, inner = 0, height = 1, width = 1] = site.shape;
  const kernel = inner * height * width;
  const [only] = pairs;
  if (only && pairs.length === 1 && only.pair.rank === rank) return only.pair.a;
  const a = new Float32Array(rank * kernel);
  let at = 0;
  for (const { pair } of pairs) {
    if (site.kind === 'linear') placeColumns(a, rank, pair.a, pair.rank, at, 1);
    else a.set(pair.a, at * kernel);
    at += pair.rank;
  }
  return a;
}

/**
 * The second factors below each other, B = [s1 B1; s2 B2], padded with zeros to `rank`: all that
 * changes when a strength is moved.
 */
function stackUp(site: SiteShape, pairs: readonly WeightedPair[], rank: number): Float32Array {
  const [out = 0] = site.shape;
  const b = new Float32Array(rank * out);
  let at = 0;
  for (const { pair, strength } of pairs) {
    const factor = strength * pair.scale;
    if (site.kind === 'linear') placeColumns(b, out, pair.b, out, at * out, factor);
    else placeColumns(b, rank, pair.b, pair.rank, at, factor);
    at += pair.rank;
  }
  return b;
}

/**
 * Several adapters of one site as one: A = [A1 | A2], B = [s1 B1; s2 B2], padded with zeros to
 * `rankBucket`. Without adapters the result is rank 1 of zeros (rank 0 crashes some providers).
 * `a` may be a pair's own array: it must not be written to.
 *
 * @param least a rank to pad to at least, so that all sites can share one.
 * @throws RangeError if a pair is of another site's shape, or a strength is no finite number.
 */
export function stackPairs(site: SiteShape, pairs: readonly WeightedPair[], least = 1): StackedPair {
  checkPairs(site, pairs);
  const rank = stackedRank(pairs, least);
  return { rank, a: stackDown(site, pairs, rank), b: stackUp(site, pairs, rank) };
}
