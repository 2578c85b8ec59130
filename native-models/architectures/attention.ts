import { staticShape, type Value } from '../onnx/value.ts';
import type { Layers } from './layers.ts';

/**
 * Scaled dot-product attention of several heads (arXiv:1706.03762 §3.2).
 *
 * @param query `[batch, tokens, channels]`; `key` and `value` `[batch, contextTokens, channels]`.
 * @param mask added to the scores, broadcast to `[batch, heads, tokens, contextTokens]`.
 * @returns `[batch, tokens, channels]`, the heads side by side.
 */
export function attend(
  layers: Layers,
  query: Value,
  key: Value,
  value: Value,
  heads: number,
  mask?: Value,
): Value {
  if (layers.attention === 'fused') {
    const inputs = [query, key, value, ...(mask === undefined ? [] : [undefined, undefined, mask])];
    return layers.graph.op('com.microsoft.MultiHeadAttention', inputs, { num_heads: heads });
  }
  const { graph } = layers;
  const [batch = 1, tokens = 1, channels = 1] = staticShape(query);
  const size = channels / heads;
  const split = (x: Value, perm: readonly number[]): Value =>
    graph.transpose(graph.reshape(x, [batch, -1, heads, size]), perm);
  const scaled = graph.op('Mul', [query, layers.scalar(1 / Math.sqrt(size))]);
  let scores = graph.op('MatMul', [split(scaled, [0, 2, 1, 3]), split(key, [0, 2, 3, 1])]);
  if (mask !== undefined) scores = graph.op('Add', [scores, mask]);
  const weighted = graph.op('MatMul', [
    graph.op('Softmax', [scores], { axis: -1 }),
    split(value, [0, 2, 1, 3]),
  ]);
  return graph.reshape(graph.transpose(weighted, [0, 2, 1, 3]), [batch, tokens, channels]);
}
