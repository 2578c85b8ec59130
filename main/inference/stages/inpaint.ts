import type { Mask } from '../protocol.ts';
import type { Sampler } from '../samplers/sampler.ts';
import { join } from './join-arrays.ts';
import type { LatentShape } from './latent-scale.ts';

/** Coverage from which on a pixel counts as painted anew for the denoiser. */
const PAINTED = 128;

/** What stays of the picture while the rest is painted anew. */
export interface KeptLatent {
  /** 1 for cells that are painted, 0 for cells that are kept; `[height, width]`. */
  readonly mask: Float32Array;
  /** The picture's own latent, and the noise that it is seen under. */
  readonly latent: Float32Array;
  readonly noise: Float32Array;
}

/** A mask in cells: each takes the value of its upper left pixel, as diffusers' nearest resampling does. */
export function maskCells({ width, coverage }: Mask, shape: LatentShape, cell: number): Float32Array {
  const cells = new Float32Array(shape.height * shape.width);
  for (let y = 0; y < shape.height; y += 1) {
    for (let x = 0; x < shape.width; x += 1) {
      const pixel = coverage[y * cell * width + x * cell] ?? 0;
      cells[y * shape.width + x] = pixel >= PAINTED ? 1 : 0;
    }
  }
  return cells;
}

/** The picture with everything that is painted anew taken out (mid grey), as inpainting models see it. */
export function maskPlanes(planes: Float32Array, { coverage }: Mask): Float32Array {
  const count = coverage.length;
  return planes.map((value, i) => ((coverage[i % count] ?? 0) >= PAINTED ? 0 : value));
}

/** The channels that an inpainting model sees beside the latent: the mask, then the masked picture's latent. */
export function inpaintChannels(mask: Float32Array, maskedLatent: Float32Array): Float32Array {
  return join([mask, maskedLatent]);
}

/**
 * A latent whose kept cells are the picture's own again, as noisy as the next evaluation expects
 * (diffusers' inpainting with a model of four channels; Lugmayr et al. 2022, "RePaint", eq. 8).
 *
 * @param index the next evaluation; past the last one the picture comes back without noise.
 */
export function restoreKept(
  latent: Float32Array,
  kept: KeptLatent,
  sampler: Sampler,
  index: number,
): Float32Array {
  const original = index < sampler.endIndex ? sampler.addNoise(kept.latent, kept.noise, index) : kept.latent;
  const cells = kept.mask.length;
  return latent.map((value, i) => (kept.mask[i % cells] === 1 ? value : (original[i] ?? 0)));
}
