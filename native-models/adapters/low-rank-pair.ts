import { ModelError } from '../errors.ts';
import type { AdapterSource } from './adapter-source.ts';
import { layerFactors } from './layer-factors.ts';
import { type MergeRule, productScale, readParts } from './layer-parts.ts';
import { type AdapterLayer, hasRankForm } from './read-adapter.ts';
import { elementCount, multiply, transpose } from './tensor.ts';

/**
 * A layer's change as two factors, laid out as the graph's inputs want them (see
 * `adapterInputNames`). Linear: `a` [in, rank], `b` [rank, out]. Convolution: `a`
 * [rank, in, kh, kw], `b` [out, rank, 1, 1]. The change is `scale` times their product.
 */
export interface LowRankPair {
  readonly kind: 'linear' | 'conv';
  readonly rank: number;
  /** Shape of the layer's weight. */
  readonly shape: readonly number[];
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly scale: number;
}

/**
 * Reads a layer's change as a pair of factors.
 *
 * @throws ModelError `adapter-unsupported` if it has no rank form (`hasRankForm`) or holds values that
 *   are no numbers.
 */
export async function readPair(
  source: AdapterSource,
  layer: AdapterLayer,
  rule: MergeRule = 'as-trained',
): Promise<LowRankPair> {
  if (!hasRankForm(layer)) {
    throw new ModelError(
      'adapter-unsupported',
      `The change of ${layer.module.name} has no rank form.`,
      'Merge it into the weight.',
    );
  }
  const { down, up, rank } = layerFactors(layer, await readParts(source, layer));
  const { shape } = layer.module;
  const [out = 0, inner = 0] = shape;
  const scale = productScale(layer, rule);
  if (shape.length === 4) return { kind: 'conv', rank, shape, a: down, b: up, scale };
  const a = transpose(down, rank, inner);
  const b = transpose(up, out, rank);
  return { kind: 'linear', rank, shape, a, b, scale };
}

/** The product of a pair, without its scale: [out, in] or [out, in, kh, kw], flat. */
export function pairProduct(pair: LowRankPair): Float32Array {
  const [out = 0, inner = 0, ...kernel] = pair.shape;
  if (pair.kind === 'conv') return multiply(pair.b, pair.a, out, pair.rank, inner * elementCount(kernel));
  return transpose(multiply(pair.a, pair.b, inner, pair.rank, out), inner, out);
}
