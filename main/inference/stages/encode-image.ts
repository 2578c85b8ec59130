import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import { ModelError } from '../../../native-models/errors.ts';
import { exportRequest } from '../exports/export-request.ts';
import { exportedEncoder } from '../exports/exported-vae.ts';
import type { Network } from '../sessions/network.ts';
import { type DecodeUse, fitsInBands, mustBeTiled, TILE_CELLS, TILE_OVERLAP } from './decode.ts';
import { join } from './join-arrays.ts';
import { latentLength, type LatentShape, toDenoiserScale } from './latent-scale.ts';
import { weightBytes } from './opened-model.ts';
import { encodeInBands } from './vae-in-bands.ts';
import { coverWithTiles, cutTile, scaleTile, TileBlend } from './tiles.ts';

/** Mean and logarithm of the variance of a picture's encoding: those there are, or who takes them. */
export interface Moments {
  readonly known: Float32Array | undefined;
  readonly made: (moments: Float32Array, milliseconds: number) => void;
}

/**
 * A picture's latent in the denoiser's scale: a sample of the distribution that the encoder gives, for
 * which one draw of noise is taken, as in diffusers. In tiles where memory asks for it, as decoding.
 *
 * @param planes `[3, height, width]` in pixels, white 1, black -1.
 */
export async function encodeImage(
  planes: Float32Array,
  shape: LatentShape,
  noise: NoiseGenerator,
  use: DecodeUse,
  kept?: Moments,
): Promise<Float32Array> {
  const moments =
    kept?.known ??
    (use.reuse
      ? await use.reuse(planes, shape, (part, size) => encodeMoments(part, size, use))
      : await encodeMoments(planes, shape, use, kept));
  const count = latentLength(shape);
  const drawn = noise.normal(count);
  const sample = drawn.map((value, i) => (moments[i] ?? 0) + Math.exp((moments[count + i] ?? 0) / 2) * value);
  return toDenoiserScale(sample, use.model.vae.config);
}

async function encodeMoments(
  planes: Float32Array,
  shape: LatentShape,
  use: DecodeUse,
  kept?: Moments,
): Promise<Float32Array> {
  const begun = performance.now();
  try {
    const moments = await encodeWhole(planes, shape, use);
    kept?.made(moments, performance.now() - begun);
    return moments;
  } catch (error) {
    if (fitsInBands(error, shape, use.model)) {
      use.notes.add(
        'The picture to start from was encoded in bands, as memory does not hold it whole: slower, and the same.',
      );
      return encodeInBands(planes, shape, use);
    }
    if (!mustBeTiled(error, shape, use.model)) throw error;
    use.notes.add('The picture to start from was encoded in tiles, as memory does not hold it whole.');
    return encodeTiles(planes, shape, use);
  }
}

/** Mean and logarithm of the variance, one after the other: `[2 · channels, height, width]`. */
async function encodeWhole(planes: Float32Array, shape: LatentShape, use: DecodeUse): Promise<Float32Array> {
  const { model, networks, compute } = use;
  const { height, width } = shape;
  const encoder = await loadEncoder();
  const outputs = await encoder.run({ image: { data: planes } });
  return join([outputs.get('mean') ?? new Float32Array(), outputs.get('logvar') ?? new Float32Array()]);

  async function loadEncoder(): Promise<Network> {
    if (model.vae.graphs !== undefined) {
      const exported = model.vae.graphs.vae_encoder;
      if (exported === undefined) throw noEncoder();
      const sizes = { sample: [1, 3, height * model.cell, width * model.cell] };
      const request = {
        name: 'VAE encoder',
        ...exportRequest(model, 'vae-encoder', exported, sizes),
        compute,
      };
      return exportedEncoder(await networks.get(request), shape, model.cell);
    }
    return networks.get({
      name: 'VAE encoder',
      key: `${model.identity}/vae-encoder/${width}x${height}`,
      weightBytes: weightBytes(model.vae.weights),
      compute,
      build: () => buildVaeEncoder(model.vae, { batch: 1, height, width }),
    });
  }
}

function noEncoder(): ModelError {
  return new ModelError(
    'weights-missing',
    'This ONNX export has no vae_encoder, without which it cannot start from a picture.',
    'Export the model again with its encoder, or use its .safetensors version.',
  );
}

async function encodeTiles(planes: Float32Array, shape: LatentShape, use: DecodeUse): Promise<Float32Array> {
  const { width, height, channels } = shape;
  const { cell } = use.model;
  const blend = new TileBlend(2 * channels, width, height, TILE_OVERLAP);
  for (const tile of coverWithTiles(width, height, TILE_CELLS, TILE_OVERLAP)) {
    const part = cutTile(planes, width * cell, height * cell, scaleTile(tile, cell));
    blend.add(await encodeWhole(part, { channels, width: tile.width, height: tile.height }, use), tile);
  }
  return blend.finish();
}
