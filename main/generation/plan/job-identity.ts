import type { GenerateJob } from '../../inference/protocol.ts';

/**
 * Parts of a job whose files, pixels and words the recipe names, and those that decide no bit.
 */
const NAMED_BY_RECIPE = {
  model: undefined,
  init: undefined,
  mask: undefined,
  regions: undefined,
  adapters: undefined,
  controls: undefined,
  embeddings: undefined,
  vae: undefined,
  changes: undefined,
  prompt: undefined,
  negative: undefined,
  guidance: undefined,
  mix: undefined,
  previewEvery: undefined,
  stages: undefined,
  resume: undefined,
  company: undefined,
  fewerBits: undefined,
  hires: undefined,
} as const;

/**
 * Whatever a job holds besides its recipe, now or later, threads among it, as it stands; null for jobs with inputs that
 * the recipe does not name by content, and for what is only approximate.
 */
export function jobIdentity(job: GenerateJob): Omit<GenerateJob, keyof typeof NAMED_BY_RECIPE> | null {
  const unnamed =
    job.initialLatent !== undefined || job.reuseEncoding === 'changed' || job.reuseOutputs !== undefined;
  return unnamed ? null : { ...job, ...NAMED_BY_RECIPE };
}
