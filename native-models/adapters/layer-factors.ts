import { type LayerParts, requirePart } from './layer-parts.ts';
import type { AdapterLayer } from './read-adapter.ts';
import { elementCount, multiply, type Tensor, transpose } from './tensor.ts';

/** A product: `up` [out, rank] times `down` [rank, in · kernel], flat. */
export interface Factors {
  readonly up: Float32Array;
  readonly down: Float32Array;
  readonly rank: number;
}

/** A core with its right factor: out[i, r, k] = Σj core[i, j, k] right[j, r], as [ranks, width · kernel]. */
function foldCore(core: Tensor, right: Tensor): Float32Array {
  const [ranks = 1, inner = 1, ...kernel] = core.shape;
  const area = elementCount(kernel);
  const width = right.values.length / inner;
  const folded = new Float32Array(ranks * width * area);
  for (let i = 0; i < ranks; i += 1) {
    for (let j = 0; j < inner; j += 1) {
      for (let r = 0; r < width; r += 1) {
        const factor = right.values[j * width + r] ?? 0;
        const from = (i * inner + j) * area;
        const to = (i * width + r) * area;
        for (let k = 0; k < area; k += 1) {
          folded[to + k] = (folded[to + k] ?? 0) + (core.values[from + k] ?? 0) * factor;
        }
      }
    }
  }
  return folded;
}

function loraFactors(parts: LayerParts): Factors {
  const down = requirePart(parts, 'down');
  const up = requirePart(parts, 'up').values;
  const core = parts.get('mid');
  if (core) return { up, down: foldCore(core, down), rank: core.shape[0] ?? 1 };
  return { up, down: down.values, rank: down.shape[0] ?? 1 };
}

/** One of the two products of a LoHa. */
export function lohaFactors(parts: LayerParts, n: 1 | 2): Factors {
  const a = requirePart(parts, `hada_w${n}_a`);
  const b = requirePart(parts, `hada_w${n}_b`);
  const core = parts.get(`hada_t${n}`);
  const rank = b.shape[0] ?? 1;
  if (!core) return { up: a.values, down: b.values, rank };
  return { up: transpose(a.values, rank, a.values.length / rank), down: foldCore(core, b), rank };
}

/**
 * The elementwise product of two products as one: each pair of their columns, each pair of their rows
 * (the face-splitting product), so its rank is the product of theirs.
 */
function hadamardFactors(first: Factors, second: Factors): Factors {
  const rank = first.rank * second.rank;
  const out = first.up.length / first.rank;
  const width = first.down.length / first.rank;
  const up = new Float32Array(out * rank);
  const down = new Float32Array(rank * width);
  for (let i = 0; i < first.rank; i += 1) {
    for (let j = 0; j < second.rank; j += 1) {
      const at = i * second.rank + j;
      for (let o = 0; o < out; o += 1) {
        up[o * rank + at] = (first.up[o * first.rank + i] ?? 0) * (second.up[o * second.rank + j] ?? 0);
      }
      for (let x = 0; x < width; x += 1) {
        down[at * width + x] = (first.down[i * width + x] ?? 0) * (second.down[j * width + x] ?? 0);
      }
    }
  }
  return { up, down, rank };
}

function identity(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i += 1) matrix[i * size + i] = 1;
  return matrix;
}

/** A matrix [rows, columns] as a product with the identity on its shorter side. */
function trivialFactors(matrix: Float32Array, rows: number, columns: number): Factors {
  if (rows <= columns) return { up: identity(rows), down: matrix, rank: rows };
  return { up: matrix, down: identity(columns), rank: columns };
}

/** The small (1) or the large (2) factor of a LoKr, itself a product. */
export function lokrFactors(parts: LayerParts, n: 1 | 2): Factors {
  const whole = parts.get(`lokr_w${n}`);
  if (whole) {
    const rows = whole.shape[0] ?? 1;
    return trivialFactors(whole.values, rows, whole.values.length / rows);
  }
  const a = requirePart(parts, `lokr_w${n}_a`);
  const b = requirePart(parts, `lokr_w${n}_b`);
  const core = n === 2 ? parts.get('lokr_t2') : undefined;
  const rank = b.shape[0] ?? 1;
  if (core) return { up: transpose(a.values, rank, a.values.length / rank), down: foldCore(core, b), rank };
  const [rows, columns] = [a.values.length / rank, b.values.length / rank];
  if (rank <= Math.min(rows, columns)) return { up: a.values, down: b.values, rank };
  return trivialFactors(multiply(a.values, b.values, rows, rank, columns), rows, columns);
}

/** (P Q) ⊗ (U V) = (P ⊗ U) (Q ⊗ V). */
function kroneckerFactors(small: Factors, large: Factors): Factors {
  const rank = small.rank * large.rank;
  const product = (a: Float32Array, aColumns: number, b: Float32Array, bColumns: number): Float32Array => {
    const [aRows, bRows] = [a.length / aColumns, b.length / bColumns];
    const result = new Float32Array(a.length * b.length);
    for (let i = 0; i < aRows; i += 1) {
      for (let j = 0; j < aColumns; j += 1) {
        const factor = a[i * aColumns + j] ?? 0;
        for (let r = 0; r < bRows; r += 1) {
          const to = (i * bRows + r) * aColumns * bColumns + j * bColumns;
          for (let c = 0; c < bColumns; c += 1) result[to + c] = factor * (b[r * bColumns + c] ?? 0);
        }
      }
    }
    return result;
  };
  return {
    up: product(small.up, small.rank, large.up, large.rank),
    down: product(small.down, small.down.length / small.rank, large.down, large.down.length / large.rank),
    rank,
  };
}

/**
 * A layer's change as one product, before alpha and strength: LoRA with its core folded in, LoHa and
 * LoKr exactly, at the rank that `LayerForm.pairRank` says.
 *
 * @throws RangeError for what is no product (differences, (IA)³).
 */
export function layerFactors(layer: AdapterLayer, parts: LayerParts): Factors {
  switch (layer.form.algorithm) {
    case 'lora':
      return loraFactors(parts);
    case 'loha':
      return hadamardFactors(lohaFactors(parts, 1), lohaFactors(parts, 2));
    case 'lokr':
      return kroneckerFactors(lokrFactors(parts, 1), lokrFactors(parts, 2));
    case 'diff':
    case 'ia3':
      throw new RangeError(`${layer.module.name} is changed by no product`);
  }
}
