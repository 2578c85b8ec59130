import type { InferenceHost } from '../inference/host/inference-host.ts';
import type { GenerateResult } from '../inference/protocol.ts';
import type { SchedulerConfig } from '../inference/samplers/sampler.ts';
import { findSampler } from '../inference/samplers/sampler-registry.ts';
import {
  readSchedulerConfig,
  SAMPLER_DEFAULTS,
  STABLE_DIFFUSION_SCHEDULE,
} from '../inference/samplers/scheduler-config.ts';
import { createNetworkCache } from '../inference/sessions/network-cache.ts';
import { decodeLatent, loadDecoder } from '../inference/stages/decode.ts';
import { openModel } from '../inference/stages/opened-model.ts';
import type { MadeUpCase } from './made-up-case.ts';
import { REFERENCE_COMPUTE } from './run-network.ts';
import { relativeError } from './verify-row.ts';

/** Runs the reference's whole picture in the inference process, from its own starting latent. */
export async function runPipeline(
  one: MadeUpCase,
  host: Pick<InferenceHost, 'run'>,
): Promise<GenerateResult> {
  const { prompt, negative, guidance, steps, sampler } = one.settings;
  const image = await one.vectors.get('pipeline.image');
  const [, , height = 1, width = 1] = image.shape;
  return host.run({
    model: { kind: one.layout === 'diffusers' ? 'folder' : 'file', path: one.path },
    prompt,
    negative,
    // The reference was given plain text, and both encoders of SDXL the same ids.
    promptSyntax: 'plain',
    padWithEndToken: true,
    sampler: { id: sampler, schedule: referenceSchedule(one) },
    steps,
    guidance,
    seed: 0,
    noise: 'philox',
    width,
    height,
    init: null,
    adapters: [],
    previewEvery: 0,
    compute: REFERENCE_COMPUTE,
    resume: null,
    initialLatent: await one.vectors.floats('pipeline.init_latent'),
  });
}

/**
 * The whole schedule of the reference's sampler: a class of diffusers fills what its settings leave out with its own
 * defaults, and not with what the model's scheduler was set to; only what the model was trained on holds for both.
 */
function referenceSchedule({ model, settings }: MadeUpCase): Partial<SchedulerConfig> {
  const { name, config } = findSampler(settings.sampler);
  const trained = TRAINED.flatMap((key): [string, unknown][] => {
    const value = model.configs['scheduler']?.[key];
    return value === undefined ? [] : [[key, value]];
  });
  return {
    ...STABLE_DIFFUSION_SCHEDULE,
    ...SAMPLER_DEFAULTS[name],
    ...config,
    ...readSchedulerConfig(Object.fromEntries(trained)),
    ...readSchedulerConfig(settings.sampler_config),
  };
}

/** Settings of a scheduler that describe the model and not the way that it is sampled. */
const TRAINED = [
  'num_train_timesteps',
  'beta_start',
  'beta_end',
  'beta_schedule',
  'trained_betas',
  'prediction_type',
  'rescale_betas_zero_snr',
];

/** Error of the run's last latent. */
export async function latentError(one: MadeUpCase, { latent }: GenerateResult): Promise<number> {
  return relativeError(latent, await one.vectors.floats('pipeline.final_latent'));
}

/** Error of its picture before it was cut to bytes, decoded from that latent once more. */
export async function imageError(one: MadeUpCase, { latent, latentShape }: GenerateResult): Promise<number> {
  const model = await openModel(one.path);
  const networks = createNetworkCache(() => {});
  try {
    const [channels, height, width] = latentShape;
    const decoder = await loadDecoder(model, { channels, height, width }, networks, REFERENCE_COMPUTE);
    return relativeError(
      await decodeLatent(decoder, latent, model),
      await one.vectors.floats('pipeline.image'),
    );
  } finally {
    await networks.clear();
  }
}
