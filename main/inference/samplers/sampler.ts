/** What the network was trained to predict: the noise, the velocity of Salimans and Ho (2022), or the clean sample. */
type PredictionType = 'epsilon' | 'v_prediction' | 'sample';

/** How the training variance grows with the timestep. */
type BetaSchedule = 'linear' | 'scaled_linear' | 'squaredcos_cap_v2' | 'sigmoid';

/** How few inference timesteps are picked out of the training ones (Lin et al. 2023, table 2). */
export type TimestepSpacing = 'leading' | 'linspace' | 'trailing';

/** How the noise levels lie between the largest and the smallest: as trained, Karras et al. (2022) eq. 5, or even in log sigma. */
export type SigmaSpacing = 'trained' | 'karras' | 'exponential' | 'lu';

/** The samplers of this folder. */
export type SamplerName =
  | 'ddim'
  | 'ddpm'
  | 'euler'
  | 'euler-ancestral'
  | 'heun'
  | 'dpmpp-2m'
  | 'dpmpp-2m-sde'
  | 'dpmpp-sde'
  | 'unipc'
  | 'lcm'
  | 'tcd'
  | 'pndm';

/**
 * The noise schedule that a model was trained with, and the switches of the samplers. Names and
 * meanings are those of a diffusers `scheduler_config.json`; see `readSchedulerConfig`.
 */
export interface SchedulerConfig {
  /** Training timesteps, 2 to 100,000. */
  readonly trainSteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: BetaSchedule;
  /** Betas one by one; wins over start, end and schedule. */
  readonly trainedBetas: readonly number[] | null;
  /** Shifts the schedule to zero signal at its end (Lin et al. 2023, algorithm 1). */
  readonly rescaleZeroTerminalSnr: boolean;
  readonly predictionType: PredictionType;
  readonly timestepSpacing: TimestepSpacing;
  /** Added to the timesteps of `leading`. */
  readonly stepsOffset: number;
  readonly sigmaSpacing: SigmaSpacing;
  /** Ends of the Karras and exponential schedules; null takes those of the training schedule. */
  readonly sigmaMin: number | null;
  readonly sigmaMax: number | null;
  /** Whether the last step goes down to no noise, or to the least noise trained on. */
  readonly finalSigma: 'zero' | 'sigma_min';
  /** Euler only: noise levels between trained timesteps, by linear or by logarithmic steps. */
  readonly interpolation: 'linear' | 'log_linear';
  /** Euler only: whether a v-prediction model wants 0.25 log sigma for a timestep (EDM). */
  readonly timestepType: 'discrete' | 'continuous';
  /** DDIM, PNDM, LCM, TCD: whether the step after the last timestep has no noise at all. */
  readonly setAlphaToOne: boolean;
  readonly clipSample: boolean;
  readonly clipSampleRange: number;
  /** Dynamic thresholding (Saharia et al. 2022, section 2.3): for pixel models, never for latents. */
  readonly thresholding: boolean;
  readonly thresholdingRatio: number;
  readonly sampleMaxValue: number;
  /** DDPM: which variance a step adds. */
  readonly varianceType: 'fixed_small' | 'fixed_small_log' | 'fixed_large';
  /** DPM-Solver and UniPC: 1, 2 or 3. */
  readonly solverOrder: number;
  readonly solverType: 'midpoint' | 'heun' | 'bh1' | 'bh2';
  readonly algorithmType: 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++';
  readonly lowerOrderFinal: boolean;
  readonly eulerAtFinal: boolean;
  /** DPM-Solver: cuts timesteps whose log signal-to-noise half-ratio is below this. */
  readonly lambdaMinClipped: number;
  /** UniPC: solves for the clean sample rather than for the noise. */
  readonly predictX0: boolean;
  /** UniPC: steps after which the corrector stays off. */
  readonly disableCorrector: readonly number[];
  /** PNDM: leaves out the Runge–Kutta warm-up. */
  readonly skipPrkSteps: boolean;
  /** LCM, TCD: timesteps of the distillation schedule. */
  readonly originalSteps: number;
  /** LCM: scales the timestep in the boundary condition. */
  readonly timestepScaling: number;
}

/** What one run asks of a sampler. */
export interface SamplerOptions {
  /** Steps of a whole run, from pure noise; 1 to the number of training steps. */
  readonly steps: number;
  /**
   * Share of the schedule that an image is taken back by, in (0, 1]; 1 is a run from noise.
   * As in diffusers, the last `floor(steps * strength)` steps run.
   */
  readonly strength?: number;
  /** Runs only the steps below this share of the noise, in [0, 1): 0.8 skips the noisiest 80%. */
  readonly denoiseStart?: number;
  /** Stops at this share, in (0, 1]: 0.8 leaves the last 20% of the noise to another model. */
  readonly denoiseEnd?: number;
  /**
   * How much fresh noise a step adds, in [0, 1]. DDIM: 0 (default) to DDPM's 1. Euler ancestral:
   * default 1. TCD: gamma, default 0.3. Others ignore it.
   */
  readonly eta?: number;
  /** Pictures side by side in one latent; only dynamic thresholding looks at them one by one. */
  readonly batchSize?: number;
  /**
   * DPM++ SDE: whether the two noises of a step are made the increments of one Brownian motion
   * (default), as they should be when the caller draws them independently, or are used as given.
   */
  readonly brownian?: boolean;
}

/**
 * Where a run stands. Plain data: it can be stored after any evaluation and gone on with elsewhere,
 * bit for bit.
 */
export interface SamplerState {
  /** The next evaluation, as an index into `Sampler.timesteps`. */
  readonly index: number;
  /** The evaluation that the run began with. */
  readonly start: number;
  /** The noisy latent, any shape, flat. */
  readonly latent: Float32Array;
  /** What a multi-step solver remembers; each as long as `latent`. */
  readonly memory: readonly Float32Array[];
}

/** How much of the picture and of standard normal noise a latent holds. */
export interface NoiseLevel {
  readonly alpha: number;
  readonly sigma: number;
}

/**
 * A sampler set up for one run. It holds no state of its own: `step` is a function of its arguments.
 *
 * ```
 * let state = sampler.begin(noise)            // or sampler.resume(sampler.addNoise(image, noise), sampler.startIndex)
 * while (state.index < sampler.endIndex) {
 *   const output = model(sampler.scaleModelInput(state.latent, state.index), sampler.timesteps[state.index])
 *   state = sampler.step(state, output, sampler.needsNoise(state.index) ? draw() : undefined)
 * }
 * ```
 */
export interface Sampler {
  readonly name: SamplerName;
  /** The network's timestep for each evaluation, from noisy to clean. */
  readonly timesteps: readonly number[];
  /** Noise levels, one more than evaluations; empty for samplers that have none. */
  readonly sigmas: readonly number[];
  /** What standard normal noise is multiplied by to begin a run. */
  readonly initNoiseSigma: number;
  /** First evaluation to run (above 0 with `strength` or `denoiseStart`). */
  readonly startIndex: number;
  /** One past the last evaluation to run. */
  readonly endIndex: number;
  /** Evaluations of the network that a full step takes: 2 for Heun and DPM++ SDE. */
  readonly evaluationsPerStep: 1 | 2;
  /** Which of the run's steps, from 0, an evaluation belongs to. */
  stepOf(index: number): number;
  /** Whether `step` at this evaluation wants a draw of standard normal noise. */
  needsNoise(index: number): boolean;
  /** The latent as the network wants it at an evaluation; a new array. */
  scaleModelInput(latent: Float32Array, index: number): Float32Array;
  /** An image's latent with as much noise as an evaluation (default: the first one) expects; a new array. */
  addNoise(latent: Float32Array, noise: Float32Array, index?: number): Float32Array;
  /** What a latent before an evaluation is mixed of. */
  level(index: number): NoiseLevel;
  /** The same where the network sees it; differs from {@link level} in the middle of DPM++ SDE's steps only. */
  seenLevel(index: number): NoiseLevel;
  /** A state with another latent at the same place, which must be the beginning of a step, and without a memory. */
  restart(state: SamplerState, latent: Float32Array): SamplerState;
  /** A state at the first evaluation, from standard normal noise. */
  begin(noise: Float32Array): SamplerState;
  /** A state at an evaluation (default: the first one), from a latent that is already noisy. */
  resume(latent: Float32Array, index?: number): SamplerState;
  /**
   * One evaluation further. `output` is what the network (after guidance) gave for this state.
   * Neither the state nor the arrays are written to.
   *
   * @throws ModelError if the state is past the end, sizes differ, or noise is missing.
   */
  step(state: SamplerState, output: Float32Array, noise?: Float32Array): SamplerState;
}
