import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../../../../main/inference/samplers/create-sampler.ts';
import type { SamplerName, SamplerOptions } from '../../../../../main/inference/samplers/sampler.ts';
import { readSchedulerConfig } from '../../../../../main/inference/samplers/scheduler-config.ts';

/**
 * Runs of diffusers' definitions, written down once more in numpy (float64 samples, float32 tables):
 * the settings that the reference vectors leave out.
 */
interface DefinitionCase {
  sampler: SamplerName;
  config: Record<string, unknown>;
  steps: number;
  options: Partial<SamplerOptions>;
  x_init: number[];
  timesteps: number[];
  noise: number[][];
  middle: number[];
  final: number[];
}

const file = new URL('../../../../fixtures/samplers-by-definition.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as DefinitionCase[];

const model = (x: Float32Array, t: number): Float32Array =>
  x.map((v) => Math.sin(1.7 * v + 0.3) * Math.cos(t / 500) + 0.1 * v);

function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((e, i) => Math.abs(e - (actual[i] ?? NaN)))) / scale;
}

describe('samplers against their definitions', () => {
  it.each(cases)('$sampler $config $steps steps $options', (c) => {
    const sampler = createSampler(c.sampler, readSchedulerConfig(c.config), { steps: c.steps, ...c.options });
    expect(sampler.timesteps).toHaveLength(c.timesteps.length);
    for (const [i, t] of c.timesteps.entries())
      expect(Math.abs(t - sampler.timesteps[i]!)).toBeLessThan(2e-3);
    const noises = c.noise.map((values) => Float32Array.from(values));
    let state = sampler.begin(Float32Array.from(c.x_init));
    for (let index = 0; index < sampler.timesteps.length; index += 1) {
      const output = model(sampler.scaleModelInput(state.latent, index), sampler.timesteps[index]!);
      state = sampler.step(state, output, sampler.needsNoise(index) ? noises.shift() : undefined);
      if (index === Math.floor(c.timesteps.length / 2)) {
        expect(relativeError(state.latent, c.middle)).toBeLessThan(1e-4);
      }
    }
    expect(relativeError(state.latent, c.final)).toBeLessThan(1e-4);
    expect(noises).toHaveLength(0);
  });
});
