import type { GenerateJob } from '../../inference/protocol.ts';
import { createNetworkCache } from '../../inference/sessions/network-cache.ts';
import { ActiveAdapters } from '../../inference/stages/adapter-inputs.ts';
import { encodeImage } from '../../inference/stages/encode-image.ts';
import { encodeRow } from '../../inference/stages/encode-prompt.ts';
import type { LatentShape } from '../../inference/stages/latent-scale.ts';
import type { OpenedModel } from '../../inference/stages/opened-model.ts';
import { toPlanes } from '../../inference/stages/pixels.ts';
import { type TextConditioning, textAt } from '../../inference/stages/text-conditioning.ts';
import { latentNoise } from '../training-draws.ts';
import type { TrainerMessage, TrainingJob, TrainingPicture } from '../training-job.ts';

/** A picture as the denoiser learns from it. */
export interface TrainingExample {
  readonly latent: Float32Array;
  readonly shape: LatentShape;
  readonly text: TextConditioning;
}

/**
 * Latents and texts of all pictures, computed once: a sample of what the encoder makes of each picture, and the states of
 * each caption, taken as it stands. The networks that made them are let go of.
 */
export async function prepareExamples(
  job: TrainingJob,
  model: OpenedModel,
  tell: (message: TrainerMessage) => void,
  stopIfCancelled: () => Promise<void>,
): Promise<TrainingExample[]> {
  const networks = createNetworkCache(() => {});
  const compute = { provider: 'cpu', precision: 'fp32', threads: job.settings.threads } as const;
  const notes = new Set<string>();
  const adapters = await ActiveAdapters.load([], model, new Map(), notes);
  const tokenizers = new Map();
  const examples: TrainingExample[] = [];
  const texts = new Map<string, TextConditioning>();
  for (const [i, picture] of job.pictures.entries()) {
    await stopIfCancelled();
    const { image, caption } = picture;
    const key = `${image.width}x${image.height} ${caption}`;
    const text = texts.get(key) ?? (await encode(picture));
    texts.set(key, text);
    const shape = {
      channels: model.vae.config.latentChannels,
      height: image.height / model.cell,
      width: image.width / model.cell,
    };
    const use = { model, networks, compute, notes };
    const latent = await encodeImage(toPlanes(image), shape, latentNoise(job.settings.seed, i), use);
    examples.push({ latent, shape, text });
    tell({ type: 'stage', stage: 'latents', done: i + 1, of: job.pictures.length });
  }
  await networks.clear();
  return examples;

  async function encode(picture: TrainingPicture): Promise<TextConditioning> {
    const asked = captionJob(job, picture, compute);
    const encoding = {
      job: asked,
      model,
      networks,
      tokenizers,
      adapters,
      embeddings: new Map(),
      steps: 1,
      notes,
    };
    return textAt(await encodeRow(encoding, picture.caption, false), 0);
  }
}

/** The job of a picture with that caption, whose text is encoded as for painting it. */
function captionJob(
  { modelPath }: TrainingJob,
  { caption, image }: TrainingPicture,
  compute: GenerateJob['compute'],
): GenerateJob {
  return {
    model: { kind: 'file', path: modelPath },
    prompt: caption,
    negative: '',
    promptSyntax: 'plain',
    sampler: { id: 'ddim' },
    steps: 1,
    guidance: 1,
    seed: 0,
    noise: 'philox',
    width: image.width,
    height: image.height,
    init: null,
    adapters: [],
    compute,
    previewEvery: 0,
    resume: null,
  };
}
