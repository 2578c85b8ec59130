import { assembleSampler } from './assemble-sampler.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SamplerState, SchedulerConfig } from './sampler.ts';
import { roundHalfEven, spaceTimesteps } from './timesteps.ts';

/** Adams–Bashforth weights by order, newest output first. */
const ADAMS_BASHFORTH: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];
/** Runge–Kutta weights of the warm-up's four evaluations. */
const RUNGE_KUTTA = [1 / 6, 1 / 3, 1 / 3, 1 / 6];
const ORDER = 4;

/** Timesteps of the Runge–Kutta warm-up (may be empty) and of the linear multi-step part. */
function pndmTimesteps(config: SchedulerConfig, steps: number): { warmUp: number[]; multistep: number[] } {
  const { timestepSpacing: spacing, trainSteps, stepsOffset: offset } = config;
  const even = spaceTimesteps({ spacing, trainSteps, steps, offset }, true);
  if (config.skipPrkSteps) {
    // The second point is visited twice: once as Euler's guess, once to correct it.
    return { warmUp: [], multistep: even.length > 1 ? [...even.slice(0, 2), ...even.slice(1)] : even };
  }
  const half = Math.floor(Math.floor(trainSteps / steps) / 2);
  const pairs = even
    .slice(0, ORDER)
    .toReversed()
    .flatMap((t) => [t, t + half]);
  const repeated = pairs.slice(0, -1).flatMap((t) => [t, t]);
  const warmUp = repeated.slice(1, -1).toReversed().map(roundHalfEven);
  return { warmUp, multistep: even.slice(3) };
}

function weighted(terms: ReadonlyArray<readonly [number, Float32Array]>, length: number): Float32Array {
  const sum = new Float64Array(length);
  for (const [weight, values] of terms) {
    for (let i = 0; i < length; i += 1) sum[i] = (sum[i] ?? 0) + weight * (values[i] ?? 0);
  }
  return Float32Array.from(sum);
}

/**
 * PNDM: Liu et al. (2022), "Pseudo Numerical Methods for Diffusion Models on Manifolds", algorithm 2,
 * and, with `skipPrkSteps`, PLMS as Stable Diffusion used it. Equal to diffusers' `PNDMScheduler`.
 * The memory holds the latent that the current group of evaluations began with, the running
 * Runge–Kutta sum, then up to four outputs, newest last.
 */
export function createPndm(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { steps } = options;
  // diffusers' PNDM knows no zero terminal SNR: at a signal of zero formula (9) divides by nothing.
  const alphas = cumulativeAlphas({ ...config, rescaleZeroTerminalSnr: false }, false);
  const { warmUp, multistep } = pndmTimesteps(config, steps);
  const timesteps = [...warmUp, ...multistep];
  const stride = Math.floor(config.trainSteps / steps);
  const finalAlpha = config.setAlphaToOne ? 1 : (alphas[0] ?? 1);
  const alphaAt = (t: number): number => (t >= 0 ? (alphas[t] ?? finalAlpha) : finalAlpha);
  const lastTimestep = alphas.length - 1;

  /** Formula (9) of the paper. */
  const transfer = (latent: Float32Array, output: Float32Array, from: number, to: number): Float32Array => {
    const a = alphaAt(Math.min(from, lastTimestep));
    const b = alphaAt(to);
    const keep = Math.sqrt(b / a);
    const scale = (b - a) / (a * Math.sqrt(1 - b) + Math.sqrt(a * (1 - a) * b));
    const noise =
      config.predictionType === 'epsilon'
        ? output
        : predict(config, latent, output, Math.sqrt(a), Math.sqrt(1 - a)).noise;
    return latent.map((x, i) => keep * x - scale * (noise[i] ?? 0));
  };

  const rungeKutta = (state: SamplerState, output: Float32Array, counter: number) => {
    const [origin = state.latent, sum = new Float32Array(output.length), ...past] = state.memory;
    const phase = counter % 4;
    const first = phase === 0;
    const outputs = first ? [...past, output].slice(-ORDER) : past;
    const start = first ? state.latent : origin;
    const total = weighted(
      [
        [1, first ? new Float32Array(output.length) : sum],
        [RUNGE_KUTTA[phase] ?? 0, output],
      ],
      output.length,
    );
    const from = warmUp[counter - phase] ?? 0;
    const to = (timesteps[state.index] ?? 0) - (counter % 2 === 1 ? 0 : Math.floor(stride / 2));
    return {
      latent: transfer(start, phase === 3 ? total : output, from, to),
      memory: [start, total, ...outputs],
    };
  };

  const linearMultistep = (state: SamplerState, output: Float32Array, counter: number) => {
    const [origin = state.latent, sum = new Float32Array(output.length), ...past] = state.memory;
    const t = timesteps[state.index] ?? 0;
    if (counter === 1) {
      const mean = weighted(
        [
          [0.5, output],
          [0.5, past.at(-1) ?? output],
        ],
        output.length,
      );
      return { latent: transfer(origin, mean, t + stride, t), memory: [origin, sum, ...past] };
    }
    const outputs = [...past, output].slice(-ORDER);
    const weights = ADAMS_BASHFORTH[outputs.length - 1] ?? [1];
    const mixed = weighted(
      weights.map((weight, back) => [weight, outputs[outputs.length - 1 - back] ?? output] as const),
      output.length,
    );
    return { latent: transfer(state.latent, mixed, t, t - stride), memory: [state.latent, sum, ...outputs] };
  };

  /** The warm-up takes four evaluations a step; without it the first step takes two. */
  const stepOf = (index: number): number => {
    if (warmUp.length === 0) return Math.max(index - 1, 0);
    return index < warmUp.length ? Math.floor(index / 4) : index - warmUp.length + warmUp.length / 4;
  };

  return assembleSampler(
    {
      name: 'pndm',
      timesteps,
      sigmas: [],
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      stepOf,
      needsNoise: () => false,
      inputScale: () => 1,
      mixture(index) {
        const alpha = alphaAt(timesteps[index] ?? 0);
        return { alpha: Math.sqrt(alpha), sigma: Math.sqrt(1 - alpha) };
      },
      // The second evaluation of a run without warm-up only makes sense with the memory of the first.
      restartFrom: (index, start) => (warmUp.length === 0 && index - start === 1 ? index - 2 : start),
      advance(state, output) {
        const counter = state.index - state.start;
        if (counter < warmUp.length) return rungeKutta(state, output, counter);
        return linearMultistep(state, output, counter);
      },
    },
    config,
    options,
  );
}
