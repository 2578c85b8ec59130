import { createSampler } from '../inference/samplers/create-sampler.ts';
import type { Sampler } from '../inference/samplers/sampler.ts';
import { findSampler } from '../inference/samplers/sampler-registry.ts';

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
}

/** A ControlNet as far as it costs: where in the run it acts, if at all. */
export interface ActingControl {
  readonly strength: number;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/**
 * Counts the evaluations of a run before it is started.
 *
 * @param strength of the init picture, null without one.
 * @throws ModelError for a sampler or a number of steps that there is not.
 */
export function countEvaluations(run: {
  readonly sampler: string;
  readonly steps: number;
  readonly guidance: number;
  readonly strength: number | null;
  readonly controls?: readonly ActingControl[] | undefined;
}): Evaluations {
  const { name, config } = findSampler(run.sampler);
  const guided = run.guidance !== 1;
  // So little strength runs no step at all, which a sampler cannot be set up for.
  if (run.strength !== null && Math.floor(run.steps * run.strength) < 1) {
    return { steps: 0, total: 0, guided, controls: 0 };
  }
  const strength = run.strength === null ? {} : { strength: run.strength };
  const sampler = createSampler(name, config, { steps: run.steps, ...strength });
  const evaluations = sampler.endIndex - sampler.startIndex;
  const steps = Math.ceil(evaluations / sampler.evaluationsPerStep);
  const controlled = countControlled(sampler, run.controls ?? []);
  const total = (evaluations + controlled) * (guided ? 2 : 1);
  return { steps, total, guided, controls: controlled / evaluations };
}

/** Evaluations of ControlNets: each acts while the share of steps that are done lies in its part of the run. */
function countControlled(sampler: Sampler, controls: readonly ActingControl[]): number {
  const steps = sampler.stepOf(sampler.endIndex - 1) + 1;
  let count = 0;
  for (let index = sampler.startIndex; index < sampler.endIndex; index++) {
    const share = sampler.stepOf(index) / steps;
    count += controls.filter(
      ({ strength, start = 0, end = 1 }) => strength !== 0 && share >= start && share < end,
    ).length;
  }
  return count;
}
