import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { type Raster, StudioError } from '../../preload/contract/index.ts';
import type { Mask } from '../inference/protocol.ts';

/** A mask as large as the picture, and the hash that the recipe names it by. */
export interface PreparedMask {
  readonly mask: Mask;
  /** SHA-256 of the coverage bytes. */
  readonly sha256: string;
}

/**
 * Reads a raster as coverage (red × alpha: white paints, black and transparent keep) and brings it to `width` × `height`
 * by linear interpolation, which never leaves the range of its neighbours: what is black well outside stays 0.
 *
 * @throws StudioError `generation/mask-empty` when nothing would be painted
 */
export async function prepareMask(raster: Raster, width: number, height: number): Promise<PreparedMask> {
  const { rgba } = raster;
  const own = new Uint8Array(raster.width * raster.height);
  for (let i = 0; i < own.length; i++) {
    own[i] = Math.round(((rgba[4 * i] ?? 0) * (rgba[4 * i + 3] ?? 0)) / 255);
  }
  const same = raster.width === width && raster.height === height;
  const coverage = same ? own : await resample(own, raster, width, height);
  if (!coverage.some((value) => value > 0)) {
    throw new StudioError(
      'generation/mask-empty',
      'The mask covers no pixel, so nothing would be painted. Nothing was started.',
      'Paint white where the picture may change, or take the mask off.',
    );
  }
  return {
    mask: { width, height, coverage },
    sha256: createHash('sha256').update(coverage).digest('hex'),
  };
}

async function resample(
  coverage: Uint8Array,
  { width, height }: Raster,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array> {
  const scaled = await sharp(coverage, { raw: { width, height, channels: 1 } })
    .resize(toWidth, toHeight, { fit: 'fill', kernel: 'linear' })
    .extractChannel(0)
    .raw()
    .toBuffer();
  return new Uint8Array(scaled);
}
