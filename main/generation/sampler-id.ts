import { isDeepStrictEqual } from 'node:util';
import { findSampler, SAMPLERS } from '../inference/samplers/sampler-registry.ts';

/** Noise schedules that can follow a sampler's name, and what the menu calls them. */
const SCHEDULES = [
  { suffix: '-karras', label: 'Karras' },
  { suffix: '-exponential', label: 'Exponential' },
  { suffix: '-sgm-uniform', label: 'SGM Uniform' },
] as const;

/** Samplers that artists know best with Karras' schedule, which the menu therefore lists apart. */
const WITH_KARRAS: ReadonlySet<string> = new Set(['dpmpp-2m', 'dpmpp-2m-sde', 'dpmpp-sde']);

/** Samplers of models that were distilled to a few steps, which begin at the last timestep of the training. */
const WITH_UNIFORM: ReadonlySet<string> = new Set(['euler', 'euler-ancestral']);

/**
 * The one spelling of a sampler that recipes carry: "DPM++ 2M Karras" and `dpmpp_2m_karras` are both `dpmpp-2m-karras`.
 *
 * @throws ModelError `config-invalid` naming the samplers that there are.
 */
export function samplerId(text: string): string {
  const found = findSampler(text);
  const spellings = [
    found.name,
    ...SCHEDULES.map(({ suffix }) => `${found.name}${suffix}`),
    'dpmpp-2m-sde-heun',
    'PNDMScheduler',
  ];
  return spellings.find((spelling) => isDeepStrictEqual(findSampler(spelling), found)) ?? text;
}

/** The menu of samplers: identifiers for requests, names for people. */
export function samplerMenu(): { id: string; name: string }[] {
  return SAMPLERS.flatMap(({ name, label }) => [
    { id: name, name: label },
    // What Turbo and Lightning models are run with.
    ...(WITH_UNIFORM.has(name) ? [{ id: `${name}-sgm-uniform`, name: `${label} SGM Uniform` }] : []),
    ...(WITH_KARRAS.has(name) ? [{ id: `${name}-karras`, name: `${label} Karras` }] : []),
  ]);
}
