import { ModelError } from '../../../native-models/errors.ts';
import type { SamplerName, SchedulerConfig } from './sampler.ts';

/** What a person sees of a sampler. */
export interface SamplerEntry {
  readonly name: SamplerName;
  /** The name that artists know it by. */
  readonly label: string;
  /** One line on when to take it. */
  readonly about: string;
  /** Whether its pictures change with noise drawn on the way, so that more steps give another picture. */
  readonly stochastic: boolean;
}

/** All samplers, in the order of a menu. */
export const SAMPLERS: readonly SamplerEntry[] = [
  { name: 'ddim', label: 'DDIM', about: 'Steady and exact to repeat; 20 to 50 steps', stochastic: false },
  { name: 'euler', label: 'Euler', about: 'Simple and quick; 15 to 30 steps', stochastic: false },
  { name: 'euler-ancestral', label: 'Euler a', about: 'Lively; never settles', stochastic: true },
  { name: 'heun', label: 'Heun', about: 'Two evaluations a step, half the steps', stochastic: false },
  { name: 'dpmpp-2m', label: 'DPM++ 2M', about: 'Good from 12 steps on', stochastic: false },
  {
    name: 'dpmpp-2m-sde',
    label: 'DPM++ 2M SDE',
    about: 'More texture than 2M; 20 steps and up',
    stochastic: true,
  },
  { name: 'dpmpp-sde', label: 'DPM++ SDE', about: 'Two evaluations a step; rich detail', stochastic: true },
  { name: 'unipc', label: 'UniPC', about: 'Good from 8 steps on', stochastic: false },
  { name: 'ddpm', label: 'DDPM', about: 'The original; needs many steps', stochastic: true },
  { name: 'lcm', label: 'LCM', about: 'For LCM models and LoRAs; 4 to 8 steps', stochastic: true },
  { name: 'tcd', label: 'TCD', about: 'For TCD and Hyper models; 4 to 8 steps', stochastic: true },
  { name: 'pndm', label: 'PLMS', about: 'The first of Stable Diffusion; 50 steps', stochastic: false },
];

/** Spellings of other programs, each in the form that `normalise` gives. */
const ALIASES: Record<string, SamplerName> = {
  'euler-a': 'euler-ancestral',
  'k-euler': 'euler',
  'k-euler-a': 'euler-ancestral',
  'k-euler-ancestral': 'euler-ancestral',
  'k-heun': 'heun',
  'k-dpmpp-2m': 'dpmpp-2m',
  'dpmpp-2m-sde-gpu': 'dpmpp-2m-sde',
  'dpmpp-2m-sde-heun': 'dpmpp-2m-sde',
  'dpmpp-sde-gpu': 'dpmpp-sde',
  'uni-pc': 'unipc',
  'uni-pc-bh2': 'unipc',
  plms: 'pndm',
  ddimscheduler: 'ddim',
  ddpmscheduler: 'ddpm',
  eulerdiscretescheduler: 'euler',
  eulerancestraldiscretescheduler: 'euler-ancestral',
  heundiscretescheduler: 'heun',
  dpmsolvermultistepscheduler: 'dpmpp-2m',
  dpmsolversdescheduler: 'dpmpp-sde',
  unipcmultistepscheduler: 'unipc',
  lcmscheduler: 'lcm',
  tcdscheduler: 'tcd',
  pndmscheduler: 'pndm',
};

/** Noise schedules that A1111 and ComfyUI put after a sampler's name. */
const SCHEDULES: ReadonlyArray<readonly [string, Partial<SchedulerConfig>]> = [
  ['-karras', { sigmaSpacing: 'karras' }],
  ['-exponential', { sigmaSpacing: 'exponential' }],
  ['-sgm-uniform', { timestepSpacing: 'trailing' }],
  ['-automatic', {}],
  ['-uniform', {}],
  ['-normal', {}],
];

/** A sampler that was asked for by name, and what the name says of the schedule. */
export interface FoundSampler {
  readonly name: SamplerName;
  /** To be laid over the model's own configuration. */
  readonly config: Partial<SchedulerConfig>;
}

function normalise(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll('++', 'pp')
    .replace(/[\s_-]+/g, '-');
}

function lookUp(key: string): FoundSampler | null {
  const alias = Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
  const name = SAMPLERS.find((entry) => entry.name === key)?.name ?? alias;
  if (!name) return null;
  if (key === 'dpmpp-2m-sde-heun') return { name, config: { solverType: 'heun' } };
  // Stable Diffusion never used the Runge–Kutta warm-up; a model that does says so in its own file.
  if (name === 'pndm' && key !== 'pndmscheduler') return { name, config: { skipPrkSteps: true } };
  return { name, config: {} };
}

/**
 * Finds a sampler by its identifier (`dpmpp-2m`), its label or A1111's name with or without a
 * schedule ("DPM++ 2M Karras", "Euler a"), ComfyUI's (`dpmpp_2m_sde`) or its diffusers class.
 *
 * @throws ModelError `config-invalid` naming the samplers that there are.
 */
export function findSampler(text: string): FoundSampler {
  const key = normalise(text.slice(0, 100));
  const found = lookUp(key);
  if (found) return found;
  for (const [suffix, config] of SCHEDULES) {
    if (!key.endsWith(suffix)) continue;
    const base = lookUp(key.slice(0, -suffix.length));
    if (base) return { name: base.name, config: { ...base.config, ...config } };
  }
  throw new ModelError(
    'config-invalid',
    `There is no sampler called "${text.slice(0, 100)}".`,
    `Choose one of: ${SAMPLERS.map((entry) => entry.label).join(', ')}; Karras or Exponential may follow.`,
  );
}
