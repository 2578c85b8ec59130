import { elementSize } from '../onnx/element-type.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { CellDelta } from './adapter-inputs.ts';
import type { Layers } from './layers.ts';

/** What is added on the way of an attention. */
export interface AttentionParts {
  /** Added to the scores, broadcast to `[batch, heads, tokens, contextTokens]`. */
  readonly mask?: Value | undefined;
  /** Added to keys and to values, by queries that each see it with weights of their own. */
  readonly key?: CellDelta | undefined;
  readonly value?: CellDelta | undefined;
}

/**
 * Scaled dot-product attention of several heads (arXiv:1706.03762 §3.2).
 *
 * @param query `[batch, tokens, channels]`; `key` and `value` `[batch, contextTokens, channels]`.
 * @param added to the scores, and to keys and values as each query sees them.
 * @returns `[batch, tokens, channels]`, the heads side by side.
 */
export function attend(
  layers: Layers,
  query: Value,
  key: Value,
  value: Value,
  heads: number,
  added: AttentionParts = {},
): Value {
  const { mask } = added;
  const { graph, attention } = layers;
  const [batch = 1, tokens = 1, channels = 1] = staticShape(query);
  const scoreBytes = batch * heads * (staticShape(key)[1] ?? 1) * elementSize(layers.compute);
  // With a mask the fused CPU kernel does hold all scores.
  const fuses =
    attention === 'fused' &&
    !added.key &&
    !added.value &&
    (mask === undefined || tokens * scoreBytes <= maskedScoreBytes);
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
    if (added.key) {
      const { down, up, mask: weights } = byHead(layers, added.key, heads, size);
      const seen = graph.op('MatMul', [part(queries), graph.transpose(up, [0, 1, 3, 2])]);
      const weighted = graph.op('Mul', [seen, part(weights)]);
      const change = graph.op('MatMul', [weighted, graph.transpose(down, [0, 1, 3, 2])]);
      scores = graph.op('Add', [scores, change]);
    }
    const shares = graph.op('Softmax', [scores], { axis: -1 });
    let mixed = graph.op('MatMul', [shares, values]);
    if (added.value) {
      const { down, up, mask: weights } = byHead(layers, added.value, heads, size);
      const weighted = graph.op('Mul', [graph.op('MatMul', [shares, down]), part(weights)]);
      mixed = graph.op('Add', [mixed, graph.op('MatMul', [weighted, up])]);
    }
    parts.push(mixed);
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

/** The factors as heads take them: down `[batch, 1, contextTokens, rank]`, up `[1, heads, rank, size]`, mask `[batch, 1, tokens, rank]`. */
function byHead({ graph }: Layers, { down, up, mask }: CellDelta, heads: number, size: number): CellDelta {
  const wide = (x: Value): Value => graph.op('Unsqueeze', [x, graph.integers([1])]);
  const split = graph.transpose(graph.reshape(up, [0, heads, size]), [1, 0, 2]);
  return {
    down: wide(down),
    up: graph.op('Unsqueeze', [split, graph.integers([0])]),
    mask: wide(mask),
  };
}
