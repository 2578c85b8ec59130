import { createSampler } from '../inference/samplers/create-sampler.ts';
import { splitPasses } from '../inference/split-passes.ts';
import { findSampler } from '../inference/samplers/sampler-registry.ts';
import { layTimeline, type Span, stepCount, stepsDone } from '../inference/samplers/timeline.ts';

/** How much work a run is. */
export interface Evaluations {
  /** Steps that run: fewer than asked for when the run starts from a picture; 0 when too little is asked of it. */
  readonly steps: number;
  /** Evaluations of the denoiser and of ControlNets, prompt and negative prompt counted apart. */
  readonly total: number;
  /** True when each evaluation is on prompt and negative prompt. */
  readonly guided: boolean;
  /** ControlNets that run beside an evaluation of the denoiser, on average over the run. */
  readonly controls: number;
  /** The work of each step. */
  readonly perStep: readonly StepWork[];
  /** Steps of the first of two passes; all there are where there is one pass. */
  readonly firstPass: number;
}

/** How much work one step is. */
export interface StepWork {
  readonly evaluations: number;
  /** Of ControlNets. */
  readonly controls: number;
  readonly guided: boolean;
}

/** A ControlNet as far as it costs: where in the run it acts, if at all. */
export interface ActingControl {
  readonly strength: number;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** What of a run decides how much work it is. */
export interface CountedRun {
  readonly sampler: string;
  readonly steps: number;
  readonly guidance: number;
  /** Of the init picture, null without one. */
  readonly strength: number | null;
  readonly controls?: readonly ActingControl[] | undefined;
  /** A second pass after this one. */
  readonly hires?: { readonly strength: number; readonly steps?: number | undefined } | undefined;
  readonly changes?:
    | readonly {
        readonly step: number;
        readonly steps?: number | undefined;
        readonly guidance?: number | undefined;
      }[]
    | undefined;
}

/**
 * Counts the evaluations of a run before it is started.
 *
 * @throws ModelError for a sampler or a number of steps that there is not; InferenceError for a change after the end.
 */
export function countEvaluations(run: CountedRun): Evaluations {
  const { hires, ...first } = run;
  if (hires === undefined) return countPass(run);
  const { strength, steps = run.steps } = hires;
  const firstPass = stepsOfFirst(first);
  const passes = splitPasses(first, firstPass);
  const [one, two] = [countPass(passes.first), countPass({ ...passes.second, strength, steps })];
  if (one.steps === 0 || two.steps === 0) return { ...one, steps: 0, total: 0, perStep: [] };
  return {
    steps: one.steps + two.steps,
    total: one.total + two.total,
    guided: one.guided,
    controls: (one.controls + two.controls) / 2,
    perStep: [...one.perStep, ...two.perStep],
    firstPass,
  };
}

/** Steps of a first pass, whose changes are those that take effect before its end. */
function stepsOfFirst({ changes = [], ...run }: CountedRun): number {
  let { steps } = countPass(run);
  const taken: (typeof changes)[number][] = [];
  for (const change of changes) {
    if (change.step >= steps) break;
    taken.push(change);
    ({ steps } = countPass({ ...run, changes: taken }));
  }
  return steps;
}

function countPass(run: CountedRun): Evaluations {
  const guided = run.guidance !== 1;
  // So little strength runs no step at all, which a sampler cannot be set up for.
  if (run.strength !== null && Math.floor(run.steps * run.strength) < 1) {
    return { steps: 0, total: 0, guided, controls: 0, perStep: [], firstPass: 0 };
  }
  const spans = spansOf(run);
  const perStep: StepWork[] = [];
  let { guidance } = run;
  for (const [i, span] of spans.entries()) {
    guidance = (i === 0 ? undefined : run.changes?.[i - 1]?.guidance) ?? guidance;
    const { sampler } = span;
    const local = stepCount(sampler);
    for (let index = span.entry; index < span.end; index += 1) {
      const step = stepsDone(span, index);
      const share = sampler.stepOf(index) / local;
      const controls = (run.controls ?? []).filter(
        ({ strength, start = 0, end = 1 }) => strength !== 0 && share >= start && share < end,
      ).length;
      const before = perStep[step] ?? { evaluations: 0, controls: 0, guided: guidance !== 1 };
      perStep[step] = {
        ...before,
        evaluations: before.evaluations + 1,
        controls: before.controls + controls,
      };
    }
  }
  const sum = (of: (work: StepWork) => number): number => perStep.reduce((all, work) => all + of(work), 0);
  const evaluations = sum((work) => work.evaluations);
  return {
    steps: perStep.length,
    total: sum((work) => (work.evaluations + work.controls) * (work.guided ? 2 : 1)),
    guided,
    controls: sum((work) => work.controls) / evaluations,
    perStep,
    firstPass: perStep.length,
  };
}

/** The parts of a run between its changes, on the sampler's own schedule. */
function spansOf({ sampler: id, steps, strength, changes = [] }: CountedRun): Span[] {
  const { name, config } = findSampler(id);
  const part = strength === null ? {} : { strength };
  const samplers = [createSampler(name, config, { steps, ...part })];
  for (const change of changes) {
    const last = samplers.at(-1);
    samplers.push(
      change.steps === undefined && last !== undefined
        ? last
        : createSampler(name, config, { steps: change.steps ?? steps, ...part }),
    );
  }
  return layTimeline(
    samplers,
    changes.map(({ step }) => step),
  );
}
