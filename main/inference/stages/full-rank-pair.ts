import type { LowRankPair } from '../../../native-models/adapters/low-rank-pair.ts';

/**
 * A dense change of a layer as a pair of factors, one of them the identity, so that what has no rank
 * form (LoHa, LoKr, DoRA, differences) goes through the same inputs of the same session. Exact; costs
 * about one or two more products of the layer's own size.
 *
 * @param delta of the weight, `[out, in]` or `[out, in, kh, kw]`, flat.
 */
export function fullRankPair(delta: Float32Array, shape: readonly number[]): LowRankPair {
  const [out = 0, inner = 0] = shape;
  if (shape.length === 4) {
    return { kind: 'conv', rank: out, shape, a: delta, b: identity(out), scale: 1 };
  }
  const transposed = transpose(delta, out, inner);
  return inner <= out
    ? { kind: 'linear', rank: inner, shape, a: identity(inner), b: transposed, scale: 1 }
    : { kind: 'linear', rank: out, shape, a: transposed, b: identity(out), scale: 1 };
}

function identity(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i += 1) matrix[i * size + i] = 1;
  return matrix;
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) result[c * rows + r] = matrix[r * columns + c] ?? 0;
  }
  return result;
}
