import type { Raster } from '../../../preload/contract/index.ts';
import type { DenoiseState } from '../../inference/protocol.ts';
import type { SamplerState } from '../../inference/samplers/sampler.ts';
import type { LatentShape } from '../../inference/stages/latent-scale.ts';
import { fitProjection, projectLatent } from '../../inference/stages/preview-projection.ts';

/** Pixels along a cell of the autoencoders that there are, the usual one first. */
const CELLS = [8, 16, 4, 32];
const MOST_CHANNELS = 32;

/**
 * What a clean latent looks like, roughly and without a network: the affine map that takes the finished latent to its
 * picture's colours, applied to this one. One pixel a cell.
 *
 * @param firstPass size in pixels of what a latent of the first of two passes shows
 */
export function projectPicture(
  clean: Float32Array,
  last: DenoiseState,
  picture: Raster,
  firstPass?: { readonly width: number; readonly height: number },
): Raster | null {
  const { latent } = last.sampler as SamplerState;
  const found = shapeOf(latent.length, picture);
  if (found === null) return null;
  const { shape, cell } = found;
  const own =
    clean.length === latent.length || firstPass === undefined
      ? shape
      : { ...shape, width: firstPass.width / cell, height: firstPass.height / cell };
  if (clean.length !== own.channels * own.width * own.height) return null;
  const { width, height, rgba } = projectLatent(
    clean,
    own,
    fitProjection(latent, shape, planesOf(picture), cell),
  );
  return { width, height, rgba: new Uint8Array(rgba) };
}

function shapeOf(length: number, { width, height }: Raster): { shape: LatentShape; cell: number } | null {
  for (const cell of CELLS) {
    const cells = (width / cell) * (height / cell);
    const channels = length / cells;
    if (Number.isInteger(cells) && Number.isInteger(channels) && channels >= 3 && channels <= MOST_CHANNELS) {
      return { shape: { channels, width: width / cell, height: height / cell }, cell };
    }
  }
  return null;
}

/** `[3, height, width]`, white 1, black -1. */
function planesOf({ rgba, width, height }: Raster): Float32Array {
  const area = width * height;
  return Float32Array.from({ length: 3 * area }, (_, i) => {
    const value = rgba[4 * (i % area) + Math.floor(i / area)] ?? 0;
    return value / 127.5 - 1;
  });
}
