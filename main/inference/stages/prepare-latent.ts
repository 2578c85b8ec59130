import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import type { ComputeSettings, GenerateJob, InitImage } from '../protocol.ts';
import type { Sampler, SamplerState } from '../samplers/sampler.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { latentLength, type LatentShape, toDenoiserScale } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';
import { toPlanes } from './pixels.ts';

/**
 * The state that denoising begins with. From nothing: the seed's first draw. From a picture, as
 * diffusers' img2img: the first draw samples the encoder's distribution, the second one is the noise
 * that the latent is taken back into.
 */
export async function prepareLatent(
  job: GenerateJob,
  model: OpenedModel,
  shape: LatentShape,
  sampler: Sampler,
  noise: NoiseGenerator,
  networks: NetworkCache,
): Promise<SamplerState> {
  const count = latentLength(shape);
  if (job.init === null) return sampler.begin(job.initialLatent ?? noise.normal(count));
  const distribution = await encodeImage(job.init, model, shape, networks, job.compute);
  const latent = toDenoiserScale(sample(distribution, noise.normal(count)), model.vae.config);
  return sampler.resume(sampler.addNoise(latent, job.initialLatent ?? noise.normal(count)));
}

/** A diagonal normal distribution of latents. */
interface LatentDistribution {
  readonly mean: Float32Array;
  readonly logvar: Float32Array;
}

function sample({ mean, logvar }: LatentDistribution, noise: Float32Array): Float32Array {
  return mean.map((value, i) => value + Math.exp((logvar[i] ?? 0) / 2) * (noise[i] ?? 0));
}

async function encodeImage(
  init: InitImage,
  model: OpenedModel,
  shape: LatentShape,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<LatentDistribution> {
  const { height, width } = shape;
  const encoder = await networks.get({
    name: 'VAE encoder',
    key: `${model.identity}/vae-encoder/${width}x${height}`,
    weightBytes: weightBytes(model.vae.weights),
    compute,
    build: () => buildVaeEncoder(model.vae, { batch: 1, height, width }),
  });
  const outputs = await encoder.run({ image: { data: toPlanes(init.image) } });
  return {
    mean: outputs.get('mean') ?? new Float32Array(),
    logvar: outputs.get('logvar') ?? new Float32Array(),
  };
}
