import { ModelError } from '../../../native-models/errors.ts';
import { createDdim } from './ddim.ts';
import { createDdpm } from './ddpm.ts';
import { createDpmMultistep } from './dpm-multistep.ts';
import { createDpmSde } from './dpm-sde.ts';
import { createEulerAncestral } from './euler-ancestral.ts';
import { createEuler } from './euler.ts';
import { createHeun } from './heun.ts';
import { createLcm } from './lcm.ts';
import { createPndm } from './pndm.ts';
import type { Sampler, SamplerName, SamplerOptions, SchedulerConfig } from './sampler.ts';
import { SAMPLER_DEFAULTS, STABLE_DIFFUSION_SCHEDULE } from './scheduler-config.ts';
import { createTcd } from './tcd.ts';
import { createUniPc } from './unipc.ts';

type Create = (config: SchedulerConfig, options: SamplerOptions) => Sampler;

const CREATE: Record<SamplerName, Create> = {
  ddim: createDdim,
  ddpm: createDdpm,
  euler: createEuler,
  'euler-ancestral': createEulerAncestral,
  heun: createHeun,
  'dpmpp-2m': (config, options) => createDpmMultistep('dpmpp-2m', config, options),
  'dpmpp-2m-sde': (config, options) => createDpmMultistep('dpmpp-2m-sde', config, options),
  'dpmpp-sde': createDpmSde,
  unipc: createUniPc,
  lcm: createLcm,
  tcd: createTcd,
  pndm: createPndm,
};

/**
 * A sampler set up for one run.
 *
 * @param name which one; see `findSampler` for other tools' names.
 * @param config what the model's scheduler configuration says (`readSchedulerConfig`); what it leaves
 *   out is as in the sampler's diffusers class, except for the betas, which default to Stable
 *   Diffusion's.
 * @throws ModelError `config-invalid` or `size-unsupported` if config or options do not make a run.
 */
export function createSampler(
  name: SamplerName,
  config: Partial<SchedulerConfig>,
  options: SamplerOptions,
): Sampler {
  const whole = { ...STABLE_DIFFUSION_SCHEDULE, ...SAMPLER_DEFAULTS[name], ...config };
  const trainSteps = whole.trainedBetas?.length ?? whole.trainSteps;
  const { steps, eta = 0 } = options;
  if (!Number.isInteger(steps) || steps < 1 || steps > trainSteps) {
    throw new ModelError(
      'size-unsupported',
      `${steps} steps cannot be run: this model takes 1 to ${trainSteps}.`,
      'Choose a number of steps in that range.',
    );
  }
  if (!(eta >= 0 && eta <= 1)) {
    throw new ModelError(
      'config-invalid',
      `Eta is ${eta}; it goes from 0 to 1.`,
      'Choose an eta in that range.',
    );
  }
  return CREATE[name]({ ...whole, trainSteps }, options);
}
