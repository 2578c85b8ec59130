import { createNoise } from '../../../native-models/noise/create-noise.ts';
import type { DenoiseState, GenerateJob, JobChange } from '../protocol.ts';
import { changeLevel, enterNoise } from '../samplers/enter-noise.ts';
import type { SamplerState } from '../samplers/sampler.ts';
import { type Span, stepsBefore } from '../samplers/timeline.ts';
import { type FollowedCells, keepOwn } from './follow.ts';
import { type KeptLatent, restoreKept } from './inpaint.ts';

/** Where a change meets a run. */
export interface Crossing {
  readonly job: GenerateJob;
  readonly change: JobChange;
  readonly before: Span;
  readonly after: Span;
  /** What is kept of a picture from here on. */
  readonly kept: KeptLatent | null;
  /** What is followed from here on; its cells take no fresh noise. */
  readonly follow: FollowedCells | null;
}

/**
 * The state with which the part of a run after a change begins. Fresh noise is the first draw of its seed. Where the
 * latent changes, a multistep sampler starts without its memory, which was of another trajectory; where nothing of the
 * latent changes, the state goes on as it is.
 */
export function enterChange(
  { sampler, clean }: Pick<DenoiseState, 'sampler' | 'clean'>,
  { job, change, before, after, kept, follow }: Crossing,
): SamplerState {
  const state = sampler as SamplerState;
  const theta = change.noise?.theta ?? 0;
  const sameSchedule = after.sampler === before.sampler;
  if (theta === 0 && sameSchedule && change.mask === undefined) return state;

  const from = before.sampler.level(state.index);
  const to = after.sampler.level(after.entry);
  let latent = changeLevel(state.latent, clean, from, to);
  if (change.noise && theta > 0) {
    const fresh = createNoise(job.noise, change.noise.seed).normal(latent.length);
    latent = enterNoise(latent, clean, fresh, beginningLevel(after, clean) ?? to, theta);
  }
  if (kept) latent = restoreKept(latent, kept, after.sampler, after.entry);
  if (follow && sameSchedule) latent = keepOwn(latent, state.latent, follow.own);
  const unchanged = theta === 0 && sameSchedule;
  if (unchanged) return { ...state, latent };
  const index = after.entry;
  return after.sampler.restart(sameSchedule ? state : { ...state, index, start: index }, latent);
}

/** Before the first step of a run from noise there is nothing but noise, scaled as the sampler begins. */
function beginningLevel({ sampler, entry }: Span, clean: Float32Array): { alpha: 0; sigma: number } | null {
  const first = entry === sampler.startIndex && stepsBefore(sampler, entry) === 0;
  return first && clean.every((value) => value === 0) ? { alpha: 0, sigma: sampler.initNoiseSigma } : null;
}
