import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../../../../main/inference/samplers/create-sampler.ts';
import { findSampler } from '../../../../../main/inference/samplers/sampler-registry.ts';
import { readSchedulerConfig } from '../../../../../main/inference/samplers/scheduler-config.ts';
import { sharedPath } from '../../../../fixtures/reference-folder.ts';

interface SamplerCase {
  sampler: string;
  config: Record<string, unknown>;
  steps: number;
  timesteps: number[];
  sigmas: number[];
  init_noise_sigma: number;
  x_init: number[];
  noise_used: number[][];
  trajectory: number[][];
}

interface SamplerFile {
  betas: { start: number; end: number; schedule: string; train_steps: number };
  cases: SamplerCase[];
}

const file = sharedPath('reference', 'samplers.json');

/** The "model" that the reference was made with. */
const model = (x: Float32Array, t: number): Float32Array =>
  x.map((v) => Math.sin(1.7 * v + 0.3) * Math.cos(t / 500) + 0.1 * v);

function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((e, i) => Math.abs(e - (actual[i] ?? NaN)))) / scale;
}

describe.skipIf(!file)('samplers against reference/samplers.json (skipped where it is missing)', () => {
  const { betas, cases } = file
    ? (JSON.parse(readFileSync(file, 'utf8')) as SamplerFile)
    : { betas: { start: 0, end: 0, schedule: '', train_steps: 0 }, cases: [] };

  it.each(cases)('$sampler $config $steps steps', (c) => {
    const config = readSchedulerConfig({
      num_train_timesteps: betas.train_steps,
      beta_start: betas.start,
      beta_end: betas.end,
      beta_schedule: betas.schedule,
      ...c.config,
    });
    const sampler = createSampler(findSampler(c.sampler).name, config, { steps: c.steps });
    expect(sampler.timesteps).toHaveLength(c.timesteps.length);
    // A timestep near 0 is read off the schedule's logarithm, where float32 leaves 1e-4 of a step.
    for (const [i, t] of c.timesteps.entries())
      expect(Math.abs(t - sampler.timesteps[i]!)).toBeLessThan(2e-3);
    if (c.sigmas.length > 0) expect(relativeError(sampler.sigmas, c.sigmas)).toBeLessThan(1e-6);
    expect(Math.abs(sampler.initNoiseSigma / c.init_noise_sigma - 1)).toBeLessThan(1e-6);

    const noises = c.noise_used.map((n) => Float32Array.from(n));
    let state = sampler.begin(Float32Array.from(c.x_init));
    for (const expected of c.trajectory) {
      const output = model(
        sampler.scaleModelInput(state.latent, state.index),
        sampler.timesteps[state.index]!,
      );
      state = sampler.step(state, output, sampler.needsNoise(state.index) ? noises.shift() : undefined);
      expect(relativeError(state.latent, expected)).toBeLessThan(1e-4);
    }
    expect(state.index).toBe(sampler.endIndex);
    expect(noises).toHaveLength(0);
  });
});
