import { createSampler } from '../inference/samplers/create-sampler.ts';
import { findSampler } from '../inference/samplers/sampler-registry.ts';

/** How much work a run is. */
export interface Evaluations {
  /** Steps that run: fewer than asked for when the run starts from a picture; 0 when too little is asked of it. */
  readonly steps: number;
  /** Evaluations of the network, prompt and negative prompt counted apart. */
  readonly total: number;
  /** True when each evaluation is on prompt and negative prompt. */
  readonly guided: boolean;
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
}): Evaluations {
  const { name, config } = findSampler(run.sampler);
  const guided = run.guidance !== 1;
  // So little strength runs no step at all, which a sampler cannot be set up for.
  if (run.strength !== null && Math.floor(run.steps * run.strength) < 1) {
    return { steps: 0, total: 0, guided };
  }
  const strength = run.strength === null ? {} : { strength: run.strength };
  const sampler = createSampler(name, config, { steps: run.steps, ...strength });
  const evaluations = sampler.endIndex - sampler.startIndex;
  const steps = Math.ceil(evaluations / sampler.evaluationsPerStep);
  return { steps, total: evaluations * (guided ? 2 : 1), guided };
}
