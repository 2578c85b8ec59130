import { z } from 'zod';
import { createSampler } from '../inference/samplers/create-sampler.ts';
import { findSampler } from '../inference/samplers/sampler-registry.ts';
import { readSchedulerConfig } from '../inference/samplers/scheduler-config.ts';
import { readReferenceJson } from './read-reference-json.ts';
import { compareRow, relativeError, type VerifyRow } from './verify-row.ts';

const numbers = z.array(z.number());
const caseSchema = z.object({
  sampler: z.string(),
  config: z.record(z.string(), z.unknown()),
  steps: z.number().int(),
  timesteps: numbers,
  sigmas: numbers,
  init_noise_sigma: z.number(),
  x_init: numbers,
  noise_used: z.array(numbers),
  trajectory: z.array(numbers),
});
const fileSchema = z.object({
  betas: z.object({ start: z.number(), end: z.number(), schedule: z.string(), train_steps: z.number() }),
  cases: z.array(caseSchema),
});
type SamplerCase = z.infer<typeof caseSchema>;

/** Runs every sampler of a reference over the reference's made-up model and compares each step. */
export async function* checkSamplers(path: string): AsyncGenerator<VerifyRow> {
  const { betas, cases } = await readReferenceJson(path, fileSchema);
  const schedule = {
    num_train_timesteps: betas.train_steps,
    beta_start: betas.start,
    beta_end: betas.end,
    beta_schedule: betas.schedule,
  };
  for (const one of cases) {
    const settings = Object.entries(one.config).map(([key, value]) => `${key}=${String(value)}`);
    const name = ['samplers', one.sampler, `${one.steps} steps`, ...settings].join(' ');
    yield await compareRow(name, () => trajectoryError(one, { ...schedule, ...one.config }));
  }
}

/** The made-up model of the reference: eps(x, t) = sin(1.7 x + 0.3) cos(t / 500) + 0.1 x. */
function madeUpModel(x: Float32Array, timestep: number): Float32Array {
  return x.map((value) => Math.sin(1.7 * value + 0.3) * Math.cos(timestep / 500) + 0.1 * value);
}

function trajectoryError(one: SamplerCase, config: Record<string, unknown>): number {
  const { name } = findSampler(one.sampler);
  const sampler = createSampler(name, readSchedulerConfig(config), { steps: one.steps });
  const errors = [
    relativeError(sampler.timesteps, one.timesteps),
    one.sigmas.length === 0 ? 0 : relativeError(sampler.sigmas, one.sigmas),
    relativeError([sampler.initNoiseSigma], [one.init_noise_sigma]),
  ];
  const noises = one.noise_used.map((noise) => Float32Array.from(noise));
  let state = sampler.begin(Float32Array.from(one.x_init));
  for (const expected of one.trajectory) {
    const { index, latent } = state;
    const output = madeUpModel(
      sampler.scaleModelInput(latent, index),
      sampler.timesteps[index] ?? Number.NaN,
    );
    state = sampler.step(state, output, sampler.needsNoise(index) ? noises.shift() : undefined);
    errors.push(relativeError(state.latent, expected));
  }
  const complete = state.index === sampler.endIndex && noises.length === 0;
  return complete ? Math.max(...errors) : Infinity;
}
