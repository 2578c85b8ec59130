import { ModelError } from '../errors.ts';
import type { AdapterPart } from './split-key.ts';
import { elementCount } from './tensor.ts';

/** How a layer's change is stored. */
type AdapterAlgorithm = 'lora' | 'loha' | 'lokr' | 'diff' | 'ia3';

/** What the shapes of a layer's tensors say of its change. */
export interface LayerForm {
  readonly algorithm: AdapterAlgorithm;
  /** Inner size that alpha is divided by; 1 where there is none. */
  readonly rank: number;
  /** Whether the result is normed and scaled anew (DoRA). */
  readonly decomposed: boolean;
  /**
   * Rank of the pair of factors that the change is exactly equal to; null where there is none, or
   * none that is worth it (above a quarter of the layer's smaller side).
   */
  readonly pairRank: number | null;
}

/** Rank that alpha is divided by, and rank of the change written as one product. */
interface Ranks {
  readonly rank: number;
  readonly pairRank: number;
}

/** The tensors that each algorithm reads; others of the same layer mean nothing to it. */
const PARTS: Record<AdapterAlgorithm, readonly AdapterPart[]> = {
  lora: ['down', 'up', 'mid'],
  loha: ['hada_w1_a', 'hada_w1_b', 'hada_w2_a', 'hada_w2_b', 'hada_t1', 'hada_t2'],
  lokr: ['lokr_w1', 'lokr_w1_a', 'lokr_w1_b', 'lokr_w2', 'lokr_w2_a', 'lokr_w2_b', 'lokr_t2'],
  diff: ['diff'],
  ia3: ['ia3', 'on_input'],
};
const SHARED_PARTS: readonly AdapterPart[] = ['alpha', 'scalar', 'dora'];

/** Whether a tensor takes part in the change that the layer's form describes. */
export function takesPart(form: LayerForm, part: AdapterPart): boolean {
  return PARTS[form.algorithm].includes(part) || SHARED_PARTS.includes(part);
}

/** Shapes of a layer's tensors by part. */
export type PartShapes = ReadonlyMap<AdapterPart, readonly number[]>;

/** Ranks above this are no low-rank adapters; the largest extracted ones have about 1,300. */
const MOST_RANK = 4096;
/** A product of more than a quarter of the smaller side saves too little over the whole change. */
const WORTHWHILE = 4;

function misfit(message: string): ModelError {
  return new ModelError('adapter-unsupported', message, 'Get the adapter again, or use one for this model.');
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Checks one tensor against the shapes it may have, kernels of 1 × 1 being optional. */
class ShapeCheck {
  readonly parts: PartShapes;

  constructor(parts: PartShapes) {
    this.parts = parts;
  }

  has(part: AdapterPart): boolean {
    return this.parts.has(part);
  }

  /** A tensor's shape without the ones at its end, at least `least` dimensions of it. */
  shape(part: AdapterPart, least = 2): number[] {
    const shape = [...(this.parts.get(part) ?? [])];
    if (!this.parts.has(part)) throw misfit(`its ${part} is missing`);
    while (shape.length > least && shape.at(-1) === 1) shape.pop();
    return shape;
  }

  rank(value: number | undefined, part: AdapterPart): number {
    if (value !== undefined && value >= 1 && value <= MOST_RANK) return value;
    throw misfit(`its ${part} has rank ${value ?? 'unknown'}, where 1 to ${MOST_RANK} is possible`);
  }

  expect(part: AdapterPart, wanted: readonly number[]): void {
    const shape = this.shape(part);
    const trimmed = [...wanted];
    while (trimmed.length > 2 && trimmed.at(-1) === 1) trimmed.pop();
    if (shape.length !== trimmed.length || shape.some((n, i) => n !== trimmed[i])) {
      throw misfit(
        `its ${part} is ${shapeText(this.parts.get(part) ?? [])}, where ${shapeText(wanted)} fits`,
      );
    }
  }
}

/** Ranks of a LoRA: up [out, rank] · down [rank, in, kernel…], or with a core in the middle. */
function loraRanks(check: ShapeCheck, [out = 0, inner = 0, ...kernel]: readonly number[]): Ranks {
  const rank = check.rank(check.shape('down')[0], 'down');
  if (check.has('mid')) {
    const midRank = check.rank(check.shape('mid')[0], 'mid');
    check.expect('mid', [midRank, rank, ...kernel]);
    check.expect('down', [rank, inner]);
    check.expect('up', [out, midRank]);
    return { rank, pairRank: midRank };
  }
  check.expect('down', [rank, inner, ...kernel]);
  check.expect('up', [out, rank]);
  return { rank, pairRank: rank };
}

/** Ranks of a LoHa: (w1a · w1b) ⊙ (w2a · w2b), or the same with cores t1, t2. */
function lohaRanks(check: ShapeCheck, [out = 0, inner = 0, ...kernel]: readonly number[]): Ranks {
  const rank = check.rank(check.shape('hada_w1_b')[0], 'hada_w1_b');
  if (check.has('hada_t1') || check.has('hada_t2')) {
    for (const part of ['hada_t1', 'hada_t2'] as const) check.expect(part, [rank, rank, ...kernel]);
    for (const part of ['hada_w1_a', 'hada_w2_a'] as const) check.expect(part, [rank, out]);
    for (const part of ['hada_w1_b', 'hada_w2_b'] as const) check.expect(part, [rank, inner]);
    return { rank, pairRank: rank ** 2 };
  }
  const width = inner * elementCount(kernel);
  for (const part of ['hada_w1_a', 'hada_w2_a'] as const) check.expect(part, [out, rank]);
  for (const part of ['hada_w1_b', 'hada_w2_b'] as const) check.expect(part, [rank, width]);
  return { rank, pairRank: rank ** 2 };
}

/** Ranks of a LoKr: w1 ⊗ w2, each whole or a product, w2 possibly with a core. Whole ones have no rank. */
function lokrRanks(check: ShapeCheck, [out = 0, inner = 0, ...kernel]: readonly number[]): Ranks {
  let rank: number | null = null;
  let [rows = 0, columns = 0] = check.has('lokr_w1') ? check.shape('lokr_w1') : [];
  let smallRank = Math.min(rows, columns);
  if (!check.has('lokr_w1')) {
    rank = check.rank(check.shape('lokr_w1_b')[0], 'lokr_w1_b');
    [rows, columns] = [check.shape('lokr_w1_a')[0] ?? 0, check.shape('lokr_w1_b')[1] ?? 0];
    check.expect('lokr_w1_a', [rows, rank]);
    smallRank = Math.min(rows, columns, rank);
  }
  const [restOut, restIn] = [out / rows, inner / columns];
  if (!Number.isInteger(restOut) || !Number.isInteger(restIn)) {
    throw misfit(`its factors ${rows} × ${columns} do not divide the layer's ${out} × ${inner}`);
  }
  const width = restIn * elementCount(kernel);
  if (check.has('lokr_w2')) {
    check.expect('lokr_w2', [restOut, restIn, ...kernel]);
    return { rank: rank ?? 1, pairRank: smallRank * Math.min(restOut, width) };
  }
  rank = check.rank(check.shape('lokr_w2_b')[0], 'lokr_w2_b');
  if (check.has('lokr_t2')) {
    check.expect('lokr_t2', [rank, rank, ...kernel]);
    check.expect('lokr_w2_a', [rank, restOut]);
    check.expect('lokr_w2_b', [rank, restIn]);
  } else {
    check.expect('lokr_w2_a', [restOut, rank]);
    check.expect('lokr_w2_b', [rank, width]);
  }
  return { rank, pairRank: smallRank * rank };
}

function checkDora(check: ShapeCheck, [out = 0, inner = 0]: readonly number[]): void {
  const shape = check.parts.get('dora') ?? [];
  const count = elementCount(shape);
  const perOut = shape[0] === out && count === out;
  const perIn = shape[1] === inner && count === inner;
  if (!perOut && !perIn) {
    throw misfit(`its DoRA scale is ${shapeText(shape)}, where [${out}, 1] or [1, ${inner}] fits`);
  }
}

/**
 * Tells how a layer's change is stored and checks that it fits, by shapes alone.
 *
 * @param parts the layer's tensors in the file.
 * @param shape of the layer's weight in the model.
 * @throws ModelError `adapter-unsupported`; its message goes on from "The layer is not changed:".
 */
export function layerForm(parts: PartShapes, shape: readonly number[]): LayerForm {
  const check = new ShapeCheck(parts);
  const decomposed = check.has('dora');
  const form = (algorithm: AdapterAlgorithm, { rank, pairRank }: Ranks): LayerForm => {
    const worth = algorithm === 'lora' || pairRank <= Math.min(shape[0] ?? 0, shape[1] ?? 0) / WORTHWHILE;
    return { algorithm, rank, decomposed, pairRank: worth && !decomposed ? pairRank : null };
  };
  const whole = (algorithm: AdapterAlgorithm): LayerForm => ({
    algorithm,
    rank: 1,
    decomposed,
    pairRank: null,
  });
  if (shape.length === 1 && !check.has('diff'))
    throw misfit('a normalisation can only be changed by a difference');
  if (decomposed) checkDora(check, shape);
  if (check.has('down') || check.has('up')) return form('lora', loraRanks(check, shape));
  if (check.has('hada_w1_a') || check.has('hada_w1_b')) return form('loha', lohaRanks(check, shape));
  const kronecker = ['lokr_w1', 'lokr_w1_a', 'lokr_w2', 'lokr_w2_a'] as const;
  if (kronecker.some((part) => check.has(part))) return form('lokr', lokrRanks(check, shape));
  if (check.has('diff')) {
    const count = elementCount(parts.get('diff') ?? []);
    if (count !== elementCount(shape)) {
      throw misfit(`its difference is ${shapeText(parts.get('diff') ?? [])}, where ${shapeText(shape)} fits`);
    }
    return whole('diff');
  }
  if (check.has('ia3') && check.has('on_input')) {
    const count = elementCount(parts.get('ia3') ?? []);
    if (count !== shape[0] && count !== shape[1]) throw misfit('its vector is as long as neither side');
    return whole('ia3');
  }
  throw misfit('its tensors belong to no known kind of adapter');
}
