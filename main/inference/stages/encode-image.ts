import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { latentLength, type LatentShape, toDenoiserScale } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/**
 * A picture's latent in the denoiser's scale: a sample of the distribution that the encoder gives, for
 * which one draw of noise is taken, as in diffusers.
 *
 * @param planes `[3, height, width]` in pixels, white 1, black -1.
 */
export async function encodeImage(
  planes: Float32Array,
  model: OpenedModel,
  shape: LatentShape,
  noise: NoiseGenerator,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<Float32Array> {
  const { height, width } = shape;
  const encoder = await networks.get({
    name: 'VAE encoder',
    key: `${model.identity}/vae-encoder/${width}x${height}`,
    weightBytes: weightBytes(model.vae.weights),
    compute,
    build: () => buildVaeEncoder(model.vae, { batch: 1, height, width }),
  });
  const outputs = await encoder.run({ image: { data: planes } });
  const mean = outputs.get('mean') ?? new Float32Array();
  const logvar = outputs.get('logvar') ?? new Float32Array();
  const drawn = noise.normal(latentLength(shape));
  const sample = mean.map((value, i) => value + Math.exp((logvar[i] ?? 0) / 2) * (drawn[i] ?? 0));
  return toDenoiserScale(sample, model.vae.config);
}
