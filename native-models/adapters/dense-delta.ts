import type { AdapterSource } from './adapter-source.ts';
import { foldedFactors, readParts, requirePart } from './low-rank-pair.ts';
import type { AdapterLayer } from './read-adapter.ts';
import type { AdapterPart } from './split-key.ts';
import { elementCount, multiply, scaled, type Tensor, transpose } from './tensor.ts';

type Parts = ReadonlyMap<AdapterPart, Tensor>;

/**
 * How alpha acts on LoHa and LoKr. `as-trained` scales by alpha / rank once, as the forward pass of
 * training does and every program that loads such files. `as-lycoris-merges` scales twice, as the
 * merge functions of LyCORIS 3 (`get_merged_weight`) do; it is there to compare with them.
 */
export type MergeRule = 'as-trained' | 'as-lycoris-merges';

/** Least float32 step at 1: what LyCORIS adds to a norm before dividing by it. */
const EPSILON = 2 ** -23;

/** A core with a factor on each side: out[p, r, k] = Σ core[i, j, k] left[i, p] right[j, r]. */
function tucker(core: Tensor, left: Tensor, right: Tensor): Float32Array {
  const [ranks = 1, inner = 1, ...kernel] = core.shape;
  const area = elementCount(kernel);
  const [out, width] = [left.values.length / ranks, right.values.length / inner];
  // First over i: [out, inner · area], then over j.
  const half = multiply(transpose(left.values, ranks, out), core.values, out, ranks, inner * area);
  const result = new Float32Array(out * width * area);
  for (let p = 0; p < out; p += 1) {
    for (let j = 0; j < inner; j += 1) {
      for (let r = 0; r < width; r += 1) {
        const factor = right.values[j * width + r] ?? 0;
        for (let k = 0; k < area; k += 1) {
          const at = (p * width + r) * area + k;
          result[at] = (result[at] ?? 0) + (half[(p * inner + j) * area + k] ?? 0) * factor;
        }
      }
    }
  }
  return result;
}

/** LoHa (Yeh et al. 2023, "LyCORIS", section 3.2.1; FedPara): the elementwise product of two products. */
function hadamard(parts: Parts): Float32Array {
  const [first, second] = ([1, 2] as const).map((n) => {
    const a = requirePart(parts, `hada_w${n}_a`);
    const b = requirePart(parts, `hada_w${n}_b`);
    const core = parts.get(`hada_t${n}`);
    if (core) return tucker(core, a, b);
    const rank = b.shape[0] ?? 1;
    return multiply(a.values, b.values, a.values.length / rank, rank, b.values.length / rank);
  });
  const product = new Float32Array(first?.length ?? 0);
  for (let i = 0; i < product.length; i += 1) product[i] = (first?.[i] ?? 0) * (second?.[i] ?? 0);
  return product;
}

function kroneckerFactor(parts: Parts, n: 1 | 2): Float32Array {
  const whole = parts.get(`lokr_w${n}`);
  if (whole) return whole.values;
  const a = requirePart(parts, `lokr_w${n}_a`);
  const b = requirePart(parts, `lokr_w${n}_b`);
  const core = n === 2 ? parts.get('lokr_t2') : undefined;
  if (core) return tucker(core, a, b);
  const rank = b.shape[0] ?? 1;
  return multiply(a.values, b.values, a.values.length / rank, rank, b.values.length / rank);
}

/** LoKr (Yeh et al. 2023, section 3.2.2): the Kronecker product of a small and a large factor. */
function kronecker(parts: Parts, [out = 0, inner = 0, ...kernel]: readonly number[]): Float32Array {
  const area = elementCount(kernel);
  const small = kroneckerFactor(parts, 1);
  const large = kroneckerFactor(parts, 2);
  const smallShape = parts.get('lokr_w1')?.shape;
  const rows = smallShape?.[0] ?? requirePart(parts, 'lokr_w1_a').shape[0] ?? 1;
  const columns = smallShape?.[1] ?? requirePart(parts, 'lokr_w1_b').shape[1] ?? 1;
  const [restOut, restIn] = [out / rows, inner / columns];
  const result = new Float32Array(out * inner * area);
  for (let o = 0; o < out; o += 1) {
    const [smallRow, largeRow] = [Math.floor(o / restOut), o % restOut];
    for (let i = 0; i < inner; i += 1) {
      const factor = small[smallRow * columns + Math.floor(i / restIn)] ?? 0;
      const from = (largeRow * restIn + (i % restIn)) * area;
      const to = (o * inner + i) * area;
      for (let k = 0; k < area; k += 1) result[to + k] = factor * (large[from + k] ?? 0);
    }
  }
  return result;
}

/** (IA)³ (Liu et al. 2022): the weight's rows, or its columns, scaled by a vector. */
function rescaled(parts: Parts, base: Float32Array, shape: readonly number[]): Float32Array {
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
function plainDelta(layer: AdapterLayer, parts: Parts, base: Float32Array, rule: MergeRule): Float32Array {
  const { shape } = layer.module;
  const { scale } = layer;
  const scaleOfProducts = rule === 'as-trained' ? scale : scale * scale;
  switch (layer.form.algorithm) {
    case 'lora': {
      const { down, up, rank } = foldedFactors(parts);
      return scaled(multiply(up, down, up.length / rank, rank, down.length / rank), scale);
    }
    case 'loha':
      return scaled(hadamard(parts), scaleOfProducts);
    case 'lokr':
      return scaled(kronecker(parts, shape), scaleOfProducts);
    case 'diff':
      return requirePart(parts, 'diff').values;
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
 * @throws ModelError `adapter-unsupported` if the file holds values that are no numbers.
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
  if (!magnitude) return scaled(delta, strength);
  const changed = new Float32Array(base.length);
  for (let i = 0; i < base.length; i += 1) changed[i] = (base[i] ?? 0) + (delta[i] ?? 0);
  const merged = decompose(changed, magnitude, shape, strength);
  for (let i = 0; i < base.length; i += 1) merged[i] = (merged[i] ?? 0) - (base[i] ?? 0);
  return merged;
}
