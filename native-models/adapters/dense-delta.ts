import { ModelError } from '../errors.ts';
import type { AdapterSource } from './adapter-source.ts';
import { type Factors, layerFactors, lohaFactors, lokrFactors } from './layer-factors.ts';
import { type LayerParts, type MergeRule, productScale, readParts, requirePart } from './layer-parts.ts';
import type { AdapterLayer } from './read-adapter.ts';
import { allFinite, elementCount, multiply, scaled, type Tensor } from './tensor.ts';

/** Least float32 step at 1: what LyCORIS adds to a norm before dividing by it. */
const EPSILON = 2 ** -23;

function product({ up, down, rank }: Factors): Float32Array {
  return multiply(up, down, up.length / rank, rank, down.length / rank);
}

/** LoHa (Yeh et al. 2023, "LyCORIS", section 3.2.1; FedPara): the elementwise product of two products. */
function hadamard(parts: LayerParts): Float32Array {
  const first = product(lohaFactors(parts, 1));
  const second = product(lohaFactors(parts, 2));
  for (let i = 0; i < first.length; i += 1) first[i] = (first[i] ?? 0) * (second[i] ?? 0);
  return first;
}

/** LoKr (Yeh et al. 2023, section 3.2.2): the Kronecker product of a small and a large factor. */
function kronecker(parts: LayerParts, [out = 0, inner = 0, ...kernel]: readonly number[]): Float32Array {
  const area = elementCount(kernel);
  const [small, large] = [lokrFactors(parts, 1), lokrFactors(parts, 2)];
  const [smallMatrix, largeMatrix] = [product(small), product(large)];
  const columns = small.down.length / small.rank;
  const [restOut, restIn] = [large.up.length / large.rank, inner / columns];
  const result = new Float32Array(out * inner * area);
  for (let o = 0; o < out; o += 1) {
    const [smallRow, largeRow] = [Math.floor(o / restOut), o % restOut];
    for (let i = 0; i < inner; i += 1) {
      const factor = smallMatrix[smallRow * columns + Math.floor(i / restIn)] ?? 0;
      const from = (largeRow * restIn + (i % restIn)) * area;
      const to = (o * inner + i) * area;
      for (let k = 0; k < area; k += 1) result[to + k] = factor * (largeMatrix[from + k] ?? 0);
    }
  }
  return result;
}

/** (IA)³ (Liu et al. 2022): the weight's rows, or its columns, scaled by a vector. */
function rescaled(parts: LayerParts, base: Float32Array, shape: readonly number[]): Float32Array {
  const [out = 0, inner = 0] = shape;
  const vector = requirePart(parts, 'ia3').values;
  const onInput = (requirePart(parts, 'on_input').values[0] ?? 0) !== 0;
  const fits = onInput ? vector.length === inner : vector.length === out;
  const byInput = fits ? onInput : vector.length === inner;
  const width = base.length / out;
  const area = width / inner;
  const delta = new Float32Array(base.length);
  for (let i = 0; i < base.length; i += 1) {
    const at = byInput ? Math.floor((i % width) / area) : Math.floor(i / width);
    delta[i] = (base[i] ?? 0) * (vector[at] ?? 0);
  }
  return delta;
}

/** The change that the factors stand for at full strength, before a DoRA norm. */
function plainDelta(
  layer: AdapterLayer,
  parts: LayerParts,
  base: Float32Array,
  rule: MergeRule,
): Float32Array {
  const { shape } = layer.module;
  const scale = productScale(layer, rule);
  switch (layer.form.algorithm) {
    case 'lora':
      return scaled(product(layerFactors(layer, parts)), scale);
    case 'loha':
      return scaled(hadamard(parts), scale);
    case 'lokr':
      return scaled(kronecker(parts, shape), scale);
    case 'diff':
      return scaled(requirePart(parts, 'diff').values, scale);
    case 'ia3':
      return rescaled(parts, base, shape);
  }
}

/**
 * DoRA (Liu et al. 2024, eq. 5): the changed weight, each of its rows or columns brought to a learned
 * norm. As LyCORIS does, strength acts on the factor that this scales by.
 */
function decompose(
  changed: Float32Array,
  magnitude: Tensor,
  [out = 0, inner = 0]: readonly number[],
  strength: number,
): Float32Array {
  const perOut = magnitude.shape[0] === out && magnitude.values.length === out;
  const width = changed.length / out;
  const area = width / inner;
  const lane = (i: number): number => (perOut ? Math.floor(i / width) : Math.floor((i % width) / area));
  const factors = new Float64Array(perOut ? out : inner);
  for (let i = 0; i < changed.length; i += 1) {
    const value = changed[i] ?? 0;
    factors[lane(i)] = (factors[lane(i)] ?? 0) + value * value;
  }
  for (let k = 0; k < factors.length; k += 1) {
    const norm = Math.sqrt(factors[k] ?? 0) + EPSILON;
    factors[k] = strength * ((magnitude.values[k] ?? 0) / norm - 1) + 1;
  }
  const result = new Float32Array(changed.length);
  for (let i = 0; i < changed.length; i += 1) result[i] = (changed[i] ?? 0) * (factors[lane(i)] ?? 0);
  return result;
}

/**
 * What is added to a layer's parameter at a strength; DoRA as LyCORIS 3 merges it.
 *
 * @param base the parameter in the model, flat, as long as the module's shape says (as the bias is,
 *   for a change of the bias).
 * @param strength 1 is the strength that the adapter was trained at; any finite number.
 * @returns as long as `base`.
 * @throws ModelError `adapter-unsupported` if the file holds values that are no numbers, or gives such.
 * @throws RangeError if `base` is of another length, or the strength no finite number.
 */
export async function readDelta(
  source: AdapterSource,
  layer: AdapterLayer,
  base: Float32Array,
  strength: number,
  rule: MergeRule = 'as-trained',
): Promise<Float32Array> {
  if (!Number.isFinite(strength)) throw new RangeError(`Strength ${strength} is no finite number`);
  const { shape } = layer.module;
  const count = layer.parameter === 'bias' ? (shape[0] ?? 0) : elementCount(shape);
  if (base.length !== count) {
    throw new RangeError(`${layer.module.name} has ${count} values, not ${base.length}`);
  }
  const parts = await readParts(source, layer);
  const delta = plainDelta(layer, parts, base, rule);
  const magnitude = parts.get('dora');
  if (!magnitude) return finite(layer, scaled(delta, strength));
  const changed = new Float32Array(base.length);
  for (let i = 0; i < base.length; i += 1) changed[i] = (base[i] ?? 0) + (delta[i] ?? 0);
  const merged = decompose(changed, magnitude, shape, strength);
  for (let i = 0; i < base.length; i += 1) merged[i] = (merged[i] ?? 0) - (base[i] ?? 0);
  return finite(layer, merged);
}

/** Each value of a file can be finite and their product not. */
function finite({ module }: AdapterLayer, delta: Float32Array): Float32Array {
  if (allFinite(delta)) return delta;
  throw new ModelError(
    'adapter-unsupported',
    `The change of ${module.name} is beyond what numbers of 32 bits hold.`,
    'The file is damaged or its training failed: get it again from its author.',
  );
}
