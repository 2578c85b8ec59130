import type { VaeConfig } from '../../../native-models/checkpoints/component-configs.ts';

/** A latent's size: channels, then rows and columns of cells. */
export interface LatentShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Elements of a latent. */
export function latentLength(shape: LatentShape): number {
  return shape.channels * shape.height * shape.width;
}

/** From the autoencoder's latent to the denoiser's: `(z - shift) * scale`, or by its statistics where it has them. */
export function toDenoiserScale(latent: Float32Array, config: VaeConfig): Float32Array {
  return mapChannels(latent, config, (value, mean, deviation) => (value - mean) / deviation);
}

/** From the denoiser's latent to the autoencoder's; the inverse of {@link toDenoiserScale}. */
export function toDecoderScale(latent: Float32Array, config: VaeConfig): Float32Array {
  return mapChannels(latent, config, (value, mean, deviation) => value * deviation + mean);
}

function mapChannels(
  latent: Float32Array,
  config: VaeConfig,
  map: (value: number, mean: number, deviation: number) => number,
): Float32Array {
  const { latentChannels, latentsMean, latentsStd, scalingFactor, shiftFactor } = config;
  const cells = latent.length / latentChannels;
  return latent.map((value, i) => {
    const channel = Math.floor(i / cells);
    const deviation = (latentsStd?.[channel] ?? 1) / scalingFactor;
    return map(value, latentsMean?.[channel] ?? shiftFactor, deviation);
  });
}
