import { decodeModel, type GraphNode } from './decode-model.ts';
import { integerAttribute } from './attributes.ts';
import { elementCount, type Value } from './value.ts';

/** Floating-point operations of one run of a model, a multiplication and its addition counted as two. */
export interface OperationCount {
  /** Matrix products of layers. */
  readonly matrix: number;
  readonly convolution: number;
  /** Scores and weighted sums of fused attention; without fusion they count as matrix products. */
  readonly attention: number;
}

/**
 * Counts what the arithmetic of a model is made of: products of matrices, convolutions, attention. What acts on each
 * element alone is not counted. A run-time dimension, an adapter's rank, counts as `rank`.
 */
export function countOperations(modelBytes: Uint8Array, rank = 1): OperationCount {
  const count = { matrix: 0, convolution: 0, attention: 0 };
  for (const node of decodeModel(modelBytes).nodes) {
    const [output] = node.outputs;
    if (output === undefined) continue;
    const results = elementCount(output.shape, rank);
    switch (node.operator) {
      case 'MatMul':
      case 'Gemm':
        count.matrix += 2 * results * along(node, 0, rank);
        break;
      case 'com.microsoft.MatMulNBits':
        count.matrix += 2 * results * integerAttribute(node.attributes, 'K', 0);
        break;
      case 'Conv':
        // Each result is a sum over one filter.
        count.convolution += 2 * results * elementCount(node.inputs[1]?.shape.slice(1) ?? [], rank);
        break;
      case 'ConvTranspose':
        // Each input is spread over one filter.
        count.convolution +=
          2 *
          elementCount(node.inputs[0]?.shape ?? [], rank) *
          elementCount(node.inputs[1]?.shape.slice(1) ?? [], rank);
        break;
      case 'com.microsoft.MultiHeadAttention':
        count.attention += 4 * results * length(node.inputs[1]);
        break;
    }
  }
  return count;
}

/** The length of the last axis of an input. */
function along(node: GraphNode, input: number, rank: number): number {
  return elementCount(node.inputs[input]?.shape.slice(-1) ?? [], rank);
}

/** Tokens of a sequence `[batch, tokens, channels]`. */
function length(sequence: Value | undefined): number {
  return elementCount(sequence?.shape.slice(1, 2) ?? []);
}
