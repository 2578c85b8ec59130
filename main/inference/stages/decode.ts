import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { InferenceError } from '../errors.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { type LatentShape, toDecoderScale } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/** The autoencoder's decoder for one size. */
export function loadDecoder(
  model: OpenedModel,
  shape: LatentShape,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<Network> {
  const { height, width } = shape;
  return networks.get({
    name: 'VAE decoder',
    key: `${model.identity}/vae-decoder/${width}x${height}`,
    weightBytes: weightBytes(model.vae.weights),
    compute,
    build: () => buildVaeDecoder(model.vae, { batch: 1, height, width }),
  });
}

/**
 * Decodes a latent in the denoiser's scale to `[3, height, width]` in pixels, white 1, black -1, not cut.
 *
 * @throws InferenceError when the picture holds values that are not numbers.
 */
export async function decodeLatent(
  decoder: Network,
  latent: Float32Array,
  model: OpenedModel,
): Promise<Float32Array> {
  const outputs = await decoder.run({ latent: { data: toDecoderScale(latent, model.vae.config) } });
  const image = outputs.get('image') ?? new Float32Array();
  if (image.some(Number.isNaN)) {
    throw new InferenceError(
      'inference/session-failed',
      'The picture came out as values that are not numbers.',
      'Choose fp32 arithmetic, a lower guidance or another sampler.',
    );
  }
  return image;
}
