import { cumulativeAlphas } from './noise-schedule.ts';
import type { SamplerOptions, SchedulerConfig } from './sampler.ts';
import { interpolate, respaceSigmas, timestepOfSigma, trainedSigmas } from './sigmas.ts';
import { linspace, spaceTimesteps } from './timesteps.ts';

/** The grid of noise levels that the Euler family and Heun walk down. */
export interface SigmaGrid {
  /** One timestep a step, possibly between trained ones. */
  readonly timesteps: number[];
  /** One more than timesteps (two more with log-linear interpolation, as diffusers has it), float32. */
  readonly sigmas: number[];
  /** Standard deviation of the latent that a run begins with. */
  readonly initNoiseSigma: number;
  /** Noise level of every training timestep. */
  readonly trained: Float32Array;
}

/** Noise levels and timesteps of Karras et al. (2022), table 1, "VP"-trained models in sigma form. */
export function sigmaGrid(config: SchedulerConfig, options: SamplerOptions): SigmaGrid {
  const { steps } = options;
  const { timestepSpacing: spacing, trainSteps, stepsOffset: offset } = config;
  const trained = trainedSigmas(cumulativeAlphas(config, true));
  let timesteps = spaceTimesteps({ spacing, trainSteps, steps, offset }, false);
  let levels = timesteps.map((t) => interpolate(trained, t));
  if (config.interpolation === 'log_linear') {
    const [least = 0, most = 0] = [trained[0], trained.at(-1)];
    levels = linspace(Math.log(most), Math.log(least), steps + 1).map(Math.exp);
  }
  const respaced = respaceSigmas(config, levels[0] ?? 0, levels.at(-1) ?? 0, steps);
  if (respaced) {
    levels = respaced;
    timesteps = respaced.map((sigma) => Math.fround(timestepOfSigma(sigma, trained)));
  }
  const last = config.finalSigma === 'sigma_min' ? (trained[0] ?? 0) : 0;
  const sigmas = [...levels, last].map(Math.fround);
  if (config.timestepType === 'continuous' && config.predictionType === 'v_prediction') {
    timesteps = sigmas.slice(0, steps).map((sigma) => Math.fround(0.25 * Math.log(sigma)));
  }
  const largest = Math.max(...sigmas);
  const initNoiseSigma = spacing === 'leading' ? Math.sqrt(largest * largest + 1) : largest;
  return { timesteps, sigmas, initNoiseSigma: Math.fround(initNoiseSigma), trained };
}
