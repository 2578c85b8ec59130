import { elementSize } from '../onnx/element-type.ts';
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
  const { graph, attention } = layers;
  const [batch = 1, tokens = 1, channels = 1] = staticShape(query);
  const scoreBytes = batch * heads * (staticShape(key)[1] ?? 1) * elementSize(layers.compute);
  // With a mask the fused CPU kernel does hold all scores.
  const fuses = attention === 'fused' && (mask === undefined || tokens * scoreBytes <= maskedScoreBytes);
  if (fuses) {
    const inputs = [query, key, value, ...(mask === undefined ? [] : [undefined, undefined, mask])];
    return graph.op('com.microsoft.MultiHeadAttention', inputs, { num_heads: heads });
  }
  const limit =
    attention === 'fused' ? maskedScoreBytes : attention === 'plain' ? Infinity : attention.maxScoreBytes;
  const rows = Math.max(1, Math.min(tokens, Math.floor(limit / scoreBytes)));
  const size = channels / heads;
  const split = (x: Value, perm: readonly number[]): Value =>
    graph.transpose(graph.reshape(x, [batch, -1, heads, size]), perm);
  const queries = split(graph.op('Mul', [query, layers.scalar(1 / Math.sqrt(size))]), [0, 2, 1, 3]);
  const keys = split(key, [0, 2, 3, 1]);
  const values = split(value, [0, 2, 1, 3]);
  const parts: Value[] = [];
  for (let from = 0; from < tokens; from += rows) {
    const part = (x: Value): Value =>
      rows === tokens ? x : rowsOf(layers, x, from, Math.min(from + rows, tokens));
    let scores = graph.op('MatMul', [part(queries), keys]);
    if (mask !== undefined)
      scores = graph.op('Add', [scores, staticShape(mask)[2] === 1 ? mask : part(mask)]);
    parts.push(graph.op('MatMul', [graph.op('Softmax', [scores], { axis: -1 }), values]));
  }
  const [first] = parts;
  const weighted = parts.length === 1 && first !== undefined ? first : graph.concat(parts, 2);
  return graph.reshape(graph.transpose(weighted, [0, 2, 1, 3]), [batch, tokens, channels]);
}

const maskedScoreBytes = 128 * 1024 * 1024;

/** Rows `from` to `to` of axis 2. */
function rowsOf(layers: Layers, x: Value, from: number, to: number): Value {
  const { graph } = layers;
  return graph.op('Slice', [x, graph.integers([from]), graph.integers([to]), graph.integers([2])]);
}
