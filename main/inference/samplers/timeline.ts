import { InferenceError } from '../errors.ts';
import type { Sampler } from './sampler.ts';

/** A part of a run that one sampler does. */
export interface Span {
  readonly sampler: Sampler;
  /** Steps of the whole run that are done before it. */
  readonly from: number;
  /** The evaluation that it begins with, and one past its last. */
  readonly entry: number;
  readonly end: number;
}

/** Steps that a sampler runs. */
export function stepCount(sampler: Sampler): number {
  return sampler.stepOf(sampler.endIndex - 1) + 1;
}

/** Steps that are done before the evaluation at `index`. */
export function stepsBefore(sampler: Sampler, index: number): number {
  return index >= sampler.endIndex ? stepCount(sampler) : sampler.stepOf(index);
}

/** Steps of the whole run that are done before the evaluation at `index` of a span. */
export function stepsDone({ sampler, from, entry }: Span, index: number): number {
  return from + stepsBefore(sampler, index) - stepsBefore(sampler, entry);
}

/**
 * Cuts a run at the steps where something changes.
 *
 * @param samplers one for each part; the same object as before where the schedule stays.
 * @param steps at which the second and later parts begin, ascending, counted over the whole run.
 * @throws InferenceError `inference/job-invalid` for a change after the last step or out of order.
 */
export function layTimeline(samplers: readonly Sampler[], steps: readonly number[]): Span[] {
  const spans: Span[] = [];
  for (const [i, sampler] of samplers.entries()) {
    const before = spans.at(-1);
    if (before === undefined) {
      spans.push({ sampler, from: 0, entry: sampler.startIndex, end: sampler.endIndex });
      continue;
    }
    const from = steps[i - 1] ?? 0;
    const cut = indexAfter(before, from);
    spans[spans.length - 1] = { ...before, end: cut };
    const entry = sampler === before.sampler ? cut : nearestLevel(before.sampler, cut, sampler);
    spans.push({ sampler, from, entry, end: sampler.endIndex });
  }
  return spans;
}

/** Steps of the whole run. */
export function stepsOf(spans: readonly Span[]): number {
  const last = spans.at(-1);
  return last === undefined ? 0 : stepsDone(last, last.sampler.endIndex);
}

/** The evaluation of a span before which `steps` of the whole run are done. */
function indexAfter(span: Span, steps: number): number {
  if (steps >= span.from) {
    for (let index = span.entry; index < span.sampler.endIndex; index += 1) {
      if (stepsDone(span, index) === steps) return index;
    }
  }
  throw new InferenceError(
    'inference/job-invalid',
    `A change after step ${steps} has no place in a run of ${stepsDone(span, span.sampler.endIndex)} steps.`,
    'Choose an earlier step, and put changes in the order of their steps.',
  );
}

/** Where in another schedule the noise is nearest to that of an evaluation, at the beginning of a step. */
function nearestLevel(sampler: Sampler, index: number, other: Sampler): number {
  const loudness = (which: Sampler, at: number): number => {
    const { alpha, sigma } = which.level(at);
    return Math.log(sigma / alpha);
  };
  const wanted = loudness(sampler, index);
  let best = other.startIndex;
  for (let at = other.startIndex; at < other.endIndex; at += 1) {
    const begins = at === other.startIndex || other.stepOf(at) !== other.stepOf(at - 1);
    const nearer = Math.abs(loudness(other, at) - wanted) < Math.abs(loudness(other, best) - wanted);
    if (begins && nearer) best = at;
  }
  return best;
}
