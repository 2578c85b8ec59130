import { cumulativeAlphas } from './noise-schedule.ts';
import type { SamplerOptions, SchedulerConfig } from './sampler.ts';
import { interpolate, respaceSigmas, signalAndNoise, timestepOfSigma, trainedSigmas } from './sigmas.ts';
import { roundHalfEven, spaceSolverTimesteps } from './timesteps.ts';

/** One point of a solver's grid, variance preserving: alpha² + sigma² = 1. */
export interface GridPoint {
  readonly alpha: number;
  readonly sigma: number;
  /** log(alpha / sigma), half the log signal-to-noise ratio; infinite without noise. */
  readonly lambda: number;
}

/** The grid that DPM-Solver and UniPC walk along, in lambda. */
export interface SolverGrid {
  readonly timesteps: number[];
  /** Noise levels sigma / alpha, one more than timesteps, float32. */
  readonly sigmas: number[];
  /** The point of each noise level. */
  at(index: number): GridPoint;
}

/** One past the highest timestep whose lambda is not below the config's clip. */
function lastTimestep(alphas: Float32Array, config: SchedulerConfig): number {
  const clipped = alphas.filter(
    (alpha) => Math.log(Math.sqrt(alpha)) - Math.log(Math.sqrt(1 - alpha)) < config.lambdaMinClipped,
  );
  return Math.max(alphas.length - clipped.length, 1);
}

/**
 * Timesteps and noise levels of a multi-step solver.
 *
 * @param config `finalSigma` says where the last step ends.
 * @param lastSigmaOfRun whether `sigma_min` means the run's own last level when the levels are
 *   respaced (UniPC) rather than the least one trained on (DPM-Solver).
 */
export function solverGrid(
  config: SchedulerConfig,
  options: SamplerOptions,
  lastSigmaOfRun: boolean,
): SolverGrid {
  const { steps } = options;
  const { timestepSpacing: spacing, trainSteps, stepsOffset: offset } = config;
  const alphas = cumulativeAlphas(config, true);
  const trained = trainedSigmas(alphas);
  const [least = 0, most = 0] = [trained[0], trained.at(-1)];
  const respaced = respaceSigmas(config, most, least, steps);
  const timesteps = respaced
    ? respaced.map((sigma) => roundHalfEven(timestepOfSigma(sigma, trained)))
    : spaceSolverTimesteps({ spacing, trainSteps, steps, offset }, lastTimestep(alphas, config));
  const levels = respaced ?? timesteps.map((t) => interpolate(trained, t));
  const end = respaced && lastSigmaOfRun ? (respaced.at(-1) ?? least) : least;
  const sigmas = [...levels, config.finalSigma === 'zero' ? 0 : end].map(Math.fround);
  const points = sigmas.map((level) => {
    const { alpha, sigma } = signalAndNoise(level);
    return { alpha, sigma, lambda: Math.log(alpha) - Math.log(sigma) };
  });
  const clean: GridPoint = { alpha: 1, sigma: 0, lambda: Number.POSITIVE_INFINITY };
  return { timesteps, sigmas, at: (index) => points[index] ?? clean };
}
