import type { LowRankPair } from '../../../native-models/adapters/low-rank-pair.ts';
import type { WeightedPair } from '../../../native-models/adapters/stack-adapters.ts';
import { adapterMaskName } from '../../../native-models/architectures/adapter-inputs.ts';
import type { TensorType } from '../../../native-models/onnx/value.ts';
import type { Mask } from '../protocol.ts';
import type { Feed } from '../sessions/network.ts';

/** A run of columns of the stacked rank, and where they act; undefined is everywhere. */
export interface RankColumns {
  readonly rank: number;
  readonly region: Mask | undefined;
}

/** What a layer's shape says of its pairs. */
export interface PairShape {
  readonly kind: 'linear' | 'conv';
  /** [out, in] or [out, in, kh, kw]. */
  readonly shape: readonly number[];
}

/** A pair widened with zeros to a rank, or zeros alone, so that each adapter has the same columns at every site. */
export function widenPair(
  found: WeightedPair | undefined,
  { kind, shape }: PairShape,
  rank: number,
): WeightedPair {
  const [out = 0, inner = 0, height = 1, width = 1] = shape;
  const a = new Float32Array(rank * inner * height * width);
  const b = new Float32Array(rank * out);
  if (found === undefined) return { pair: { kind, rank, shape, a, b, scale: 1 }, strength: 0 };
  const { pair, strength } = found;
  if (kind === 'conv') {
    a.set(pair.a);
    copyRows(pair.b, pair.rank, b, rank);
  } else {
    copyRows(pair.a, pair.rank, a, rank);
    b.set(pair.b);
  }
  const wide: LowRankPair = { kind, rank, shape, a, b, scale: pair.scale };
  return { pair: wide, strength };
}

function copyRows(from: Float32Array, fromWidth: number, to: Float32Array, toWidth: number): void {
  for (let i = 0; i * fromWidth < from.length; i += 1) {
    to.set(from.subarray(i * fromWidth, (i + 1) * fromWidth), i * toWidth);
  }
}

/**
 * The mask inputs of a network: for every size of feature map the mean coverage of each cell, and for
 * what belongs to no cell (text, time) that of the whole picture.
 *
 * @param inputs of the network, by name.
 * @param columns of the stack in their order.
 * @param rank that the stack is padded to.
 */
export function maskFeeds(
  inputs: ReadonlyMap<string, TensorType>,
  columns: readonly RankColumns[],
  rank: number,
): Record<string, Feed> {
  const feeds: Record<string, Feed> = {};
  for (const [name, { shape }] of inputs) {
    if (!name.startsWith(adapterMaskName)) continue;
    const [, height = 1, width = 1] = /_(\d+)x(\d+)$/.exec(name)?.map(Number) ?? [];
    const batch = Number(shape[0]);
    const one = maskOf(columns, rank, height, width);
    const data = new Float32Array(batch * one.length);
    for (let i = 0; i < batch; i += 1) data.set(one, i * one.length);
    const cells = name === adapterMaskName ? [] : [height * width];
    feeds[name] = { data, shape: [batch, ...cells, rank] };
  }
  return feeds;
}

/** `[height · width, rank]` */
function maskOf(columns: readonly RankColumns[], rank: number, height: number, width: number): Float32Array {
  const mask = new Float32Array(height * width * rank);
  let first = 0;
  for (const { rank: count, region } of columns) {
    const coverage = region && meanCoverage(region, height, width);
    for (let cell = 0; cell < height * width; cell += 1) {
      mask.fill(coverage?.[cell] ?? 1, cell * rank + first, cell * rank + first + count);
    }
    first += count;
  }
  return mask;
}

/** Mean coverage, 0 … 1, of each of `rows × columns` equal parts. */
export function meanCoverage({ width, height, coverage }: Mask, rows: number, columns: number): Float32Array {
  const means = new Float32Array(rows * columns);
  const border = (i: number, count: number, length: number): number => Math.floor((i * length) / count);
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom] = [border(row, rows, height), border(row + 1, rows, height)];
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = [border(column, columns, width), border(column + 1, columns, width)];
      let sum = 0;
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) sum += coverage[y * width + x] ?? 0;
      }
      means[row * columns + column] = sum / (255 * (bottom - top) * (right - left));
    }
  }
  return means;
}
