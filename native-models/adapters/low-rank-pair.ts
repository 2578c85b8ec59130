import { ModelError } from '../errors.ts';
import { type AdapterSource, readValues } from './adapter-source.ts';
import { type AdapterLayer, hasRankForm } from './read-adapter.ts';
import type { AdapterPart } from './split-key.ts';
import { elementCount, multiply, type Tensor, transpose } from './tensor.ts';

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

/** Reads the tensors of a layer, by part. */
export async function readParts(
  source: AdapterSource,
  layer: AdapterLayer,
): Promise<Map<AdapterPart, Tensor>> {
  const parts = new Map<AdapterPart, Tensor>();
  for (const [part, key] of layer.keys) {
    if (part !== 'alpha' && part !== 'scalar') parts.set(part, await readValues(source, key));
  }
  return parts;
}

/** A part that the layer's form has promised to be there. */
export function requirePart(parts: ReadonlyMap<AdapterPart, Tensor>, part: AdapterPart): Tensor {
  const tensor = parts.get(part);
  if (tensor) return tensor;
  throw new ModelError('tensor-missing', `The adapter has lost its ${part}.`, 'Read the file again.');
}

/** The down factor with a core folded in: [rank, in · kernel], and the up factor [out, rank]. */
export function foldedFactors(parts: ReadonlyMap<AdapterPart, Tensor>): {
  readonly down: Float32Array;
  readonly up: Float32Array;
  readonly rank: number;
} {
  const down = requirePart(parts, 'down');
  const up = requirePart(parts, 'up');
  const mid = parts.get('mid');
  const downRank = down.shape[0] ?? 1;
  if (!mid) return { down: down.values, up: up.values, rank: downRank };
  const rank = mid.shape[0] ?? 1;
  const width = down.values.length / downRank;
  const area = elementCount(mid.shape.slice(2));
  const folded = new Float32Array(rank * width * area);
  for (let i = 0; i < rank; i += 1) {
    for (let j = 0; j < downRank; j += 1) {
      for (let r = 0; r < width; r += 1) {
        const factor = down.values[j * width + r] ?? 0;
        for (let k = 0; k < area; k += 1) {
          const at = (i * width + r) * area + k;
          folded[at] = (folded[at] ?? 0) + (mid.values[(i * downRank + j) * area + k] ?? 0) * factor;
        }
      }
    }
  }
  return { down: folded, up: up.values, rank };
}

/**
 * Reads a layer's change as a pair of factors.
 *
 * @throws ModelError `adapter-unsupported` if it has no rank form (`hasRankForm`) or holds values that
 *   are no numbers.
 */
export async function readPair(source: AdapterSource, layer: AdapterLayer): Promise<LowRankPair> {
  if (!hasRankForm(layer)) {
    throw new ModelError(
      'adapter-unsupported',
      `The change of ${layer.module.name} has no rank form.`,
      'Merge it into the weight.',
    );
  }
  const { down, up, rank } = foldedFactors(await readParts(source, layer));
  const { shape } = layer.module;
  const [out = 0, inner = 0] = shape;
  if (shape.length === 4) return { kind: 'conv', rank, shape, a: down, b: up, scale: layer.scale };
  const a = transpose(down, rank, inner);
  const b = transpose(up, out, rank);
  return { kind: 'linear', rank, shape, a, b, scale: layer.scale };
}

/** The product of a pair, without its scale: [out, in] or [out, in, kh, kw], flat. */
export function pairProduct(pair: LowRankPair): Float32Array {
  const [out = 0, inner = 0, ...kernel] = pair.shape;
  if (pair.kind === 'conv') return multiply(pair.b, pair.a, out, pair.rank, inner * elementCount(kernel));
  return transpose(multiply(pair.a, pair.b, inner, pair.rank, out), inner, out);
}
