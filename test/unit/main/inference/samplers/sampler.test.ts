import { describe, expect, it } from 'vitest';
import { createNoise } from '../../../../../native-models/noise/create-noise.ts';
import { createSampler } from '../../../../../main/inference/samplers/create-sampler.ts';
import type { Sampler, SamplerName, SamplerState } from '../../../../../main/inference/samplers/sampler.ts';
import { findSampler, SAMPLERS } from '../../../../../main/inference/samplers/sampler-registry.ts';
import {
  readSchedulerConfig,
  SINGLE_FILE_CONFIG,
} from '../../../../../main/inference/samplers/scheduler-config.ts';

const names = SAMPLERS.map(({ name }) => name);
const model = (x: Float32Array, t: number): Float32Array => x.map((v) => Math.sin(v + t / 300));

/** One evaluation, with noise that depends on its index only. */
function advance(sampler: Sampler, state: SamplerState): SamplerState {
  const { index } = state;
  const output = model(sampler.scaleModelInput(state.latent, index), sampler.timesteps[index]!);
  const noise = sampler.needsNoise(index)
    ? createNoise('philox', index).normal(state.latent.length)
    : undefined;
  return sampler.step(state, output, noise);
}

function run(sampler: Sampler, state: SamplerState): SamplerState {
  let now = state;
  while (now.index < sampler.endIndex) now = advance(sampler, now);
  return now;
}

describe.each(names)('%s', (name) => {
  const sampler = createSampler(name, SINGLE_FILE_CONFIG, { steps: 8 });
  const begin = (): SamplerState => sampler.begin(createNoise('philox', 7).normal(32));

  it('goes on from any stored state with the same bits', () => {
    const whole = run(sampler, begin());
    let state = begin();
    while (state.index < sampler.endIndex) {
      const again = createSampler(name, SINGLE_FILE_CONFIG, { steps: 8 });
      expect(run(again, structuredClone(state)).latent).toEqual(whole.latent);
      state = advance(sampler, state);
    }
    expect(whole.latent.every(Number.isFinite)).toBe(true);
  });

  it('writes to none of its arguments', () => {
    let state = begin();
    for (let i = 0; i < 3; i += 1) {
      const copy = structuredClone(state);
      const next = advance(sampler, state);
      expect(state).toEqual(copy);
      state = next;
    }
  });

  it('counts steps and evaluations', () => {
    expect(sampler.startIndex).toBe(0);
    expect(sampler.endIndex).toBe(sampler.timesteps.length);
    const perStep = name === 'heun' || name === 'dpmpp-sde' ? 2 : 1;
    expect(sampler.evaluationsPerStep).toBe(perStep);
    const extra = name === 'pndm' ? 1 : 0;
    expect(sampler.timesteps).toHaveLength(perStep === 2 ? 15 : 8 + extra);
    expect(sampler.stepOf(sampler.endIndex - 1)).toBe(7);
  });

  it('runs the last steps only when it starts from an image', () => {
    for (const [strength, left] of [
      [1, 8],
      [0.75, 6],
      [0.3, 2],
    ] as const) {
      const part = createSampler(name, SINGLE_FILE_CONFIG, { steps: 8, strength });
      expect(part.startIndex).toBe((8 - left) * part.evaluationsPerStep);
      expect(part.stepOf(part.startIndex)).toBe(0);
      const image = new Float32Array(32).fill(0.25);
      const noisy = part.addNoise(image, createNoise('philox', 7).normal(32));
      const { latent } = run(part, part.resume(noisy));
      expect(latent.every(Number.isFinite)).toBe(true);
    }
  });

  it('leaves the image alone where there is no noise to add', () => {
    const image = new Float32Array(4).fill(0.5);
    const last = sampler.addNoise(image, new Float32Array(4), sampler.endIndex - 1);
    expect(Math.abs(last[0]! - 0.5)).toBeLessThan(0.1);
  });

  it('refuses what cannot be run', () => {
    for (const steps of [0, -1, 1.5, NaN, 1e9]) {
      expect(() => createSampler(name, SINGLE_FILE_CONFIG, { steps })).toThrow(/steps/);
    }
    for (const strength of [0, -1, 2, NaN]) {
      expect(() => createSampler(name, SINGLE_FILE_CONFIG, { steps: 8, strength })).toThrow();
    }
    expect(() => createSampler(name, SINGLE_FILE_CONFIG, { steps: 8, eta: 2 })).toThrow(/[Ee]ta/);
    const state = begin();
    expect(() => sampler.step(state, new Float32Array(5))).toThrow(/5/);
    expect(() => sampler.step({ ...state, index: 99 }, new Float32Array(32))).toThrow(/99/);
    if (sampler.needsNoise(0)) expect(() => sampler.step(state, new Float32Array(32))).toThrow(/noise/);
  });
});

describe('parts of the schedule', () => {
  it('splits a run between two models without gap or overlap', () => {
    for (const name of ['ddim', 'euler', 'dpmpp-2m', 'heun'] as const) {
      const base = createSampler(name, SINGLE_FILE_CONFIG, { steps: 20, denoiseEnd: 0.8 });
      const refiner = createSampler(name, SINGLE_FILE_CONFIG, { steps: 20, denoiseStart: 0.8 });
      expect(base.startIndex).toBe(0);
      expect(refiner.endIndex).toBe(refiner.timesteps.length);
      if (name !== 'heun') expect(refiner.startIndex).toBe(base.endIndex);
      expect(base.timesteps[base.endIndex - 1]!).toBeGreaterThanOrEqual(200);
      expect(refiner.timesteps[refiner.startIndex]!).toBeLessThan(name === 'heun' ? 260 : 200);
    }
  });

  it('gives DPM++ SDE halves of one Brownian motion, or noise as it comes', () => {
    const step = (brownian: boolean): Float32Array => {
      const sampler = createSampler('dpmpp-sde', { predictionType: 'sample' }, { steps: 4, brownian });
      const size = 20_000;
      let state = sampler.resume(new Float32Array(size));
      state = sampler.step(state, new Float32Array(size), createNoise('philox', 1).normal(size));
      return sampler.step(state, new Float32Array(size), createNoise('philox', 2).normal(size)).latent;
    };
    const spread = (values: Float32Array): number =>
      Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
    // Either way the noise that a step adds has the same strength.
    expect(Math.abs(spread(step(true)) / spread(step(false)) - 1)).toBeLessThan(0.05);
    expect(step(true)).not.toEqual(step(false));
  });
});

it.each(names)('%s stays finite where a schedule without any signal meets noise prediction', (name) => {
  const config = { rescaleZeroTerminalSnr: true, timestepSpacing: 'trailing', clipSample: false } as const;
  const sampler = createSampler(name, config, { steps: 5 });
  const { latent } = run(sampler, sampler.begin(createNoise('philox', 3).normal(16)));
  expect(latent.every(Number.isFinite)).toBe(true);
});

describe('names', () => {
  it.each<[string, SamplerName, object]>([
    ['ddim', 'ddim', {}],
    ['Euler a', 'euler-ancestral', {}],
    ['DPM++ 2M Karras', 'dpmpp-2m', { sigmaSpacing: 'karras' }],
    ['DPM++ 2M SDE Exponential', 'dpmpp-2m-sde', { sigmaSpacing: 'exponential' }],
    ['DPM++ 2M SDE Heun Karras', 'dpmpp-2m-sde', { solverType: 'heun', sigmaSpacing: 'karras' }],
    ['Euler SGM Uniform', 'euler', { timestepSpacing: 'trailing' }],
    ['dpmpp_2m_sde', 'dpmpp-2m-sde', {}],
    ['uni_pc', 'unipc', {}],
    ['PLMS', 'pndm', { skipPrkSteps: true }],
    ['PNDMScheduler', 'pndm', {}],
    ['  dpm++ SDE  karras ', 'dpmpp-sde', { sigmaSpacing: 'karras' }],
    ['DPMSolverMultistepScheduler', 'dpmpp-2m', {}],
  ])('%s', (text, name, config) => {
    expect(findSampler(text)).toEqual({ name, config });
  });

  it('finds every sampler by identifier and by label', () => {
    for (const { name, label } of SAMPLERS) {
      expect(findSampler(name).name).toBe(name);
      expect(findSampler(label).name).toBe(name);
    }
  });

  it('names the samplers there are when it is asked for another', () => {
    for (const text of ['', 'nonsense', 'constructor', '__proto__', 'Karras', 'x'.repeat(100_000)]) {
      expect(() => findSampler(text)).toThrow(/no sampler/i);
    }
    try {
      findSampler('magic');
    } catch (error) {
      expect((error as { remedy: string }).remedy).toContain('DPM++ 2M');
    }
  });

  it('says which samplers draw noise on the way', () => {
    for (const { name, stochastic } of SAMPLERS) {
      const sampler = createSampler(name, {}, { steps: 4 });
      expect(sampler.needsNoise(0)).toBe(stochastic);
    }
  });
});

describe('scheduler configurations', () => {
  it('reads what it knows and passes over the rest', () => {
    expect(
      readSchedulerConfig({
        _class_name: 'X',
        beta_end: 0.02,
        use_karras_sigmas: true,
        sigma_min: null,
        unheard: [1],
      }),
    ).toEqual({ betaEnd: 0.02, sigmaSpacing: 'karras' });
  });

  it('refuses values that cannot be', () => {
    const bad = [
      null,
      [],
      'x',
      { num_train_timesteps: 1e9 },
      { num_train_timesteps: 'many' },
      { beta_start: NaN },
      { beta_schedule: 'steep' },
      { prediction_type: 'guess' },
      { solver_order: 4 },
      { trained_betas: [2] },
      { clip_sample: 'yes' },
    ];
    for (const json of bad)
      expect(() => readSchedulerConfig(json), JSON.stringify(json)).toThrow(/scheduler configuration/);
  });

  it('keeps the stochastic form when a model says otherwise, and the other way round', () => {
    const config = readSchedulerConfig({ algorithm_type: 'dpmsolver++' });
    expect(createSampler('dpmpp-2m-sde', config, { steps: 4 }).needsNoise(0)).toBe(true);
    expect(createSampler('dpmpp-2m', config, { steps: 4 }).needsNoise(0)).toBe(false);
  });

  it('takes betas one by one', () => {
    const betas = Array.from({ length: 50 }, (_, i) => 0.001 + i * 0.0005);
    const sampler = createSampler('ddim', { trainedBetas: betas }, { steps: 5 });
    expect(sampler.timesteps).toEqual([40, 30, 20, 10, 0]);
    expect(() => createSampler('ddim', { trainedBetas: betas }, { steps: 51 })).toThrow(/1 to 50/);
  });
});
