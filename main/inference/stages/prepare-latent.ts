import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import type { GenerateJob } from '../protocol.ts';
import type { Sampler, SamplerState } from '../samplers/sampler.ts';
import type { DecodeUse } from './decode.ts';
import { encodeImage, type Moments } from './encode-image.ts';
import { inpaintChannels, type KeptLatent, maskCells, maskPlanes } from './inpaint.ts';
import { latentLength, type LatentShape } from './latent-scale.ts';
import { toPlanes } from './pixels.ts';

/** Where denoising begins, and what it is held to on its way. */
export interface PreparedLatent {
  readonly state: SamplerState;
  /** The picture in it: the encoded one that it starts from, else all zeros. */
  readonly clean: Float32Array;
  /** Cells that stay the picture's own; null where nothing is kept or the model sees to it itself. */
  readonly kept: KeptLatent | null;
  /** Channels that an inpainting model sees beside the latent; null for other models. */
  readonly extraChannels: Float32Array | null;
}

/**
 * Prepares the latent that denoising begins with. Draws of noise, in diffusers' order: from nothing,
 * one for the latent. From a picture, one to sample its encoding and one for the noise that it is
 * taken back into; an inpainting model at full strength needs no encoding, and draws last for the
 * masked picture.
 *
 * @param moments of the picture to start from, when they are known or to be told of.
 */
export async function prepareLatent(
  job: GenerateJob,
  shape: LatentShape,
  sampler: Sampler,
  noise: NoiseGenerator,
  use: DecodeUse,
  moments?: Moments,
): Promise<PreparedLatent> {
  const encode = (planes: Float32Array, moments?: Moments): Promise<Float32Array> =>
    encodeImage(planes, shape, noise, use, moments);
  const { init, mask } = job;
  const { model } = use;
  const { inpainting } = model.checkpoint;
  const planes = init && toPlanes(init.image);
  const fromNoise = init === null || (inpainting && init.strength === 1);
  const picture = planes && !fromNoise ? (init?.latent ?? (await encode(planes, moments))) : null;
  const drawn = job.initialLatent ?? noise.normal(latentLength(shape));
  const cells = mask && maskCells(mask, shape, model.cell);
  const fresh = picture === null || (mask !== undefined && init?.strength === 1);
  return {
    // At full strength nothing of the picture is left under the noise, as diffusers' inpainting has it.
    state: fresh ? sampler.begin(drawn) : sampler.resume(sampler.addNoise(picture, drawn)),
    clean: fresh ? new Float32Array(drawn.length) : picture,
    kept: cells && picture && !inpainting ? { mask: cells, latent: picture, noise: drawn } : null,
    extraChannels: inpainting ? await conditionInpainting() : null,
  };

  /** Without a mask, everything is painted. */
  async function conditionInpainting(): Promise<Float32Array> {
    const area = shape.height * shape.width;
    if (planes === null || mask === undefined || cells === undefined) {
      const grey = new Float32Array(3 * area * model.cell ** 2);
      return inpaintChannels(new Float32Array(area).fill(1), await encode(grey));
    }
    return inpaintChannels(cells, await encode(maskPlanes(planes, mask)));
  }
}
