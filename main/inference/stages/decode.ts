import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { InferenceError } from '../errors.ts';
import type { ComputeSettings } from '../protocol.ts';
import { exportRequest } from '../exports/export-request.ts';
import { exportedDecoder } from '../exports/exported-vae.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { type LatentShape, toDecoderScale } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';
import { usableMemory } from '../sessions/usable-memory.ts';
import { bandMemory, decodeInBands } from './vae-in-bands.ts';
import { coverWithTiles, cutTile, scaleTile, TileBlend } from './tiles.ts';

/** Cells of a tile along each side, and how far tiles lie over each other. */
export const TILE_CELLS = 96;
export const TILE_OVERLAP = 24;

/** What decoding needs. */
export interface DecodeUse {
  readonly model: OpenedModel;
  readonly networks: NetworkCache;
  readonly compute: ComputeSettings;
  /** Takes a sentence where the picture had to be decoded in tiles. */
  readonly notes: Set<string>;
  /** Moments of a picture by way of those of the one before; left out, every picture is encoded whole. */
  readonly reuse?: (
    planes: Float32Array,
    shape: LatentShape,
    encoder: (planes: Float32Array, shape: LatentShape) => Promise<Float32Array>,
  ) => Promise<Float32Array>;
}

/**
 * Decodes a latent in the denoiser's scale to `[3, height, width]` in pixels, white 1, black -1, not cut.
 * What does not fit into memory at once is decoded in bands, which give what the whole gives. An export of another
 * program cannot be cut: it is run on tiles that lie over each other, whose colours can differ a little from those of the
 * whole, since its norms then see a part only.
 *
 * @throws InferenceError when the picture holds values that are not numbers.
 */
export async function decodePicture(
  latent: Float32Array,
  shape: LatentShape,
  { model, networks, compute, notes }: DecodeUse,
): Promise<Float32Array> {
  const decode = async (part: Float32Array, size: LatentShape): Promise<Float32Array> =>
    decodeLatent(await loadDecoder(model, size, networks, compute), part, model);
  try {
    return await decode(latent, shape);
  } catch (error) {
    if (fitsInBands(error, shape, model)) {
      notes.add(
        'The picture was decoded in bands, as memory does not hold it whole: slower, and the same picture.',
      );
      const planes = await decodeInBands(toDecoderScale(latent, model.vae.config), shape, {
        model,
        compute,
        notes,
      });
      return checkNumbers(planes);
    }
    if (!mustBeTiled(error, shape, model)) throw error;
    notes.add('The picture was decoded in tiles, as memory does not hold it whole.');
  }
  const { width, height, channels } = shape;
  const { cell } = model;
  const blend = new TileBlend(3, width * cell, height * cell, TILE_OVERLAP * cell);
  for (const tile of coverWithTiles(width, height, TILE_CELLS, TILE_OVERLAP)) {
    const part = cutTile(latent, width, height, tile);
    const size = { channels, width: tile.width, height: tile.height };
    blend.add(await decode(part, size), scaleTile(tile, cell));
  }
  return blend.finish();
}

/** Whether tiles help an export: memory did not do, and a tile is smaller. */
export function mustBeTiled(error: unknown, { height, width }: LatentShape, model: OpenedModel): boolean {
  return model.vae.graphs !== undefined && isTooLarge(error) && Math.max(height, width) > TILE_CELLS;
}

/** Whether bands help: memory did not do for the whole, does for what bands hold, and the graph can be cut. */
export function fitsInBands(error: unknown, shape: LatentShape, model: OpenedModel): boolean {
  return (
    model.vae.graphs === undefined && isTooLarge(error) && bandMemory(model, shape) <= usableMemory() * 0.9
  );
}

function isTooLarge(error: unknown): boolean {
  return error instanceof InferenceError && error.code === 'inference/out-of-memory';
}

/** The autoencoder's decoder for one size. */
export function loadDecoder(
  model: OpenedModel,
  shape: LatentShape,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<Network> {
  const { height, width } = shape;
  const exported = model.vae.graphs?.vae_decoder;
  if (exported !== undefined) {
    const sizes = { latent_sample: [1, shape.channels, height, width] };
    return networks
      .get({ name: 'VAE decoder', ...exportRequest(model, 'vae-decoder', exported, sizes), compute })
      .then((network) => exportedDecoder(network, shape));
  }
  return networks.get({
    name: 'VAE decoder',
    key: `${model.identity}/vae-decoder/${width}x${height}`,
    weightBytes: weightBytes(model.vae.weights),
    compute,
    build: () => buildVaeDecoder(model.vae, { batch: 1, height, width }),
  });
}

/**
 * Runs a decoder on a latent in the denoiser's scale.
 *
 * @throws InferenceError when the picture holds values that are not numbers.
 */
export async function decodeLatent(
  decoder: Network,
  latent: Float32Array,
  model: OpenedModel,
): Promise<Float32Array> {
  const outputs = await decoder.run({ latent: { data: toDecoderScale(latent, model.vae.config) } });
  return checkNumbers(outputs.get('image') ?? new Float32Array());
}

function checkNumbers(image: Float32Array): Float32Array {
  let sum = 0;
  // One value that is no number makes the sum none, and so do infinities of both signs: a call for each would cost a step.
  for (let i = 0; i < image.length; i += 1) sum += image[i] ?? 0;
  if (Number.isNaN(sum)) {
    throw new InferenceError(
      'inference/session-failed',
      'The picture came out as values that are not numbers.',
      'Choose fp32 arithmetic, a lower guidance or another sampler.',
    );
  }
  return image;
}
