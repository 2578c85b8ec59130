import { ModelError } from '../../../native-models/errors.ts';
import type { SamplerName, SchedulerConfig, SigmaSpacing } from './sampler.ts';

const MOST_TRAIN_STEPS = 100_000;

/**
 * What holds where neither the model nor the sampler says otherwise: the noise schedule that Stable
 * Diffusion 1.x, 2.x and SDXL were trained with (scaled linear betas from 0.00085 to 0.012), and the
 * defaults that most of diffusers' classes share.
 */
export const STABLE_DIFFUSION_SCHEDULE: SchedulerConfig = {
  trainSteps: 1000,
  betaStart: 0.00085,
  betaEnd: 0.012,
  betaSchedule: 'scaled_linear',
  trainedBetas: null,
  rescaleZeroTerminalSnr: false,
  predictionType: 'epsilon',
  timestepSpacing: 'leading',
  stepsOffset: 0,
  sigmaSpacing: 'trained',
  sigmaMin: null,
  sigmaMax: null,
  finalSigma: 'zero',
  interpolation: 'linear',
  timestepType: 'discrete',
  setAlphaToOne: true,
  clipSample: false,
  clipSampleRange: 1,
  thresholding: false,
  thresholdingRatio: 0.995,
  sampleMaxValue: 1,
  varianceType: 'fixed_small',
  solverOrder: 2,
  solverType: 'midpoint',
  algorithmType: 'dpmsolver++',
  lowerOrderFinal: true,
  eulerAtFinal: false,
  lambdaMinClipped: Number.NEGATIVE_INFINITY,
  predictX0: true,
  disableCorrector: [],
  skipPrkSteps: false,
  originalSteps: 50,
  timestepScaling: 10,
};

/** Where the defaults of diffusers 0.27's scheduler classes differ from `STABLE_DIFFUSION_SCHEDULE`. */
export const SAMPLER_DEFAULTS: Record<SamplerName, Partial<SchedulerConfig>> = {
  ddim: { clipSample: true },
  ddpm: { clipSample: true },
  euler: { timestepSpacing: 'linspace' },
  'euler-ancestral': { timestepSpacing: 'linspace' },
  heun: { timestepSpacing: 'linspace' },
  'dpmpp-2m': { timestepSpacing: 'linspace' },
  'dpmpp-2m-sde': { timestepSpacing: 'linspace', algorithmType: 'sde-dpmsolver++' },
  'dpmpp-sde': { timestepSpacing: 'linspace' },
  unipc: { timestepSpacing: 'linspace', solverType: 'bh2', finalSigma: 'sigma_min' },
  lcm: {},
  tcd: {},
  pndm: { setAlphaToOne: false },
};

/**
 * What diffusers gives a single-file Stable Diffusion checkpoint, which has no
 * `scheduler_config.json`: pass it to `createSampler` for such a model, with its prediction type.
 */
export const SINGLE_FILE_CONFIG: Partial<SchedulerConfig> = {
  clipSample: false,
  setAlphaToOne: false,
  stepsOffset: 1,
  timestepSpacing: 'leading',
  skipPrkSteps: true,
};

type Check = (value: unknown) => boolean;

const number =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && number(least, most)(value);
const oneOf =
  (...names: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && names.includes(value);
const flag: Check = (value) => typeof value === 'boolean';
const numbers: Check = (value) =>
  Array.isArray(value) &&
  value.length >= 2 &&
  value.length <= MOST_TRAIN_STEPS &&
  value.every((beta) => typeof beta === 'number' && beta >= 0 && beta <= 1);
const indices: Check = (value) => Array.isArray(value) && value.every((index) => Number.isInteger(index));

/** Each key of a `scheduler_config.json` that is understood: our name for it, and what it may hold. */
const KEYS: Record<string, readonly [keyof SchedulerConfig, Check]> = {
  num_train_timesteps: ['trainSteps', whole(2, MOST_TRAIN_STEPS)],
  beta_start: ['betaStart', number(0, 1)],
  beta_end: ['betaEnd', number(0, 1)],
  beta_schedule: ['betaSchedule', oneOf('linear', 'scaled_linear', 'squaredcos_cap_v2', 'sigmoid')],
  trained_betas: ['trainedBetas', numbers],
  rescale_betas_zero_snr: ['rescaleZeroTerminalSnr', flag],
  prediction_type: ['predictionType', oneOf('epsilon', 'v_prediction', 'sample')],
  timestep_spacing: ['timestepSpacing', oneOf('leading', 'linspace', 'trailing')],
  steps_offset: ['stepsOffset', whole(0, MOST_TRAIN_STEPS)],
  sigma_min: ['sigmaMin', number(1e-6, 1e6)],
  sigma_max: ['sigmaMax', number(1e-6, 1e6)],
  final_sigmas_type: ['finalSigma', oneOf('zero', 'sigma_min')],
  interpolation_type: ['interpolation', oneOf('linear', 'log_linear')],
  timestep_type: ['timestepType', oneOf('discrete', 'continuous')],
  set_alpha_to_one: ['setAlphaToOne', flag],
  clip_sample: ['clipSample', flag],
  clip_sample_range: ['clipSampleRange', number(0, 1e6)],
  thresholding: ['thresholding', flag],
  dynamic_thresholding_ratio: ['thresholdingRatio', number(0, 1)],
  sample_max_value: ['sampleMaxValue', number(0, 1e6)],
  variance_type: ['varianceType', oneOf('fixed_small', 'fixed_small_log', 'fixed_large')],
  solver_order: ['solverOrder', whole(1, 3)],
  solver_type: ['solverType', oneOf('midpoint', 'heun', 'bh1', 'bh2')],
  algorithm_type: ['algorithmType', oneOf('dpmsolver', 'dpmsolver++', 'sde-dpmsolver', 'sde-dpmsolver++')],
  lower_order_final: ['lowerOrderFinal', flag],
  euler_at_final: ['eulerAtFinal', flag],
  lambda_min_clipped: ['lambdaMinClipped', number(Number.NEGATIVE_INFINITY, 100)],
  predict_x0: ['predictX0', flag],
  disable_corrector: ['disableCorrector', indices],
  skip_prk_steps: ['skipPrkSteps', flag],
  original_inference_steps: ['originalSteps', whole(1, MOST_TRAIN_STEPS)],
  timestep_scaling: ['timestepScaling', number(0, 1e6)],
};

const SPACING_KEYS: ReadonlyArray<readonly [string, SigmaSpacing]> = [
  ['use_karras_sigmas', 'karras'],
  ['use_exponential_sigmas', 'exponential'],
  ['use_lu_lambdas', 'lu'],
];

/**
 * Reads what a diffusers `scheduler_config.json` says, leaving out what it does not say. Keys that
 * mean nothing here are passed over, as diffusers does when a config is read by another class.
 *
 * @throws ModelError `config-invalid` if a known key holds something that it cannot.
 */
export function readSchedulerConfig(json: unknown): Partial<SchedulerConfig> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ModelError(
      'config-invalid',
      'The scheduler configuration is not a JSON object.',
      'Restore scheduler_config.json from where the model came from.',
    );
  }
  const source = new Map(Object.entries(json));
  const config: Partial<Record<keyof SchedulerConfig, unknown>> = {};
  for (const [key, [name, check]] of Object.entries(KEYS)) {
    const value: unknown = source.get(key);
    if (value === undefined || value === null) continue;
    // Old configs spell minus infinity as a string, since JSON has no such number.
    const read = key === 'lambda_min_clipped' && value === '-inf' ? Number.NEGATIVE_INFINITY : value;
    if (!check(read)) {
      throw new ModelError(
        'config-invalid',
        `The scheduler configuration sets ${key} to ${JSON.stringify(value)}, which is not understood.`,
        'Correct scheduler_config.json, or choose another sampler in Impasto.',
      );
    }
    config[name] = read;
  }
  for (const [key, spacing] of SPACING_KEYS) if (source.get(key) === true) config.sigmaSpacing = spacing;
  return config as Partial<SchedulerConfig>;
}
