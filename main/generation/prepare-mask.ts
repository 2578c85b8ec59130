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
 * A mask of what is painted anew, see {@link prepareCoverage}.
 *
 * @throws StudioError `generation/mask-empty` when nothing would be painted
 */
export async function prepareMask(raster: Raster, width: number, height: number): Promise<PreparedMask> {
  const prepared = await prepareCoverage(raster, width, height);
  if (isEmpty(prepared.mask)) {
    throw new StudioError(
      'generation/mask-empty',
      'The mask covers no pixel, so nothing would be painted. Nothing was started.',
      'Paint white where the picture may change, or take the mask off.',
    );
  }
  return prepared;
}

/**
 * The place of words or of an adapter, see {@link prepareCoverage}.
 *
 * @param what it is the region of, for the error
 * @throws StudioError `generation/region-empty`
 */
export async function prepareRegion(
  raster: Raster,
  width: number,
  height: number,
  what: string,
): Promise<PreparedMask> {
  const prepared = await prepareCoverage(raster, width, height);
  if (isEmpty(prepared.mask)) {
    throw new StudioError(
      'generation/region-empty',
      `The region of ${what} covers no pixel of the picture. Nothing was started.`,
      'Paint where it goes, or take the region off.',
    );
  }
  return prepared;
}

/** How a recipe names coverage: SHA-256 of its bytes. */
export function coverageHash(coverage: Uint8Array): string {
  return createHash('sha256').update(coverage).digest('hex');
}

function isEmpty({ coverage }: Mask): boolean {
  return !coverage.some((value) => value > 0);
}

/**
 * Reads a raster as coverage (red × alpha: white paints, black and transparent keep) and brings it to `width` × `height`
 * by linear interpolation, which never leaves the range of its neighbours: what is black well outside stays 0.
 */
async function prepareCoverage(raster: Raster, width: number, height: number): Promise<PreparedMask> {
  const { rgba } = raster;
  const own = new Uint8Array(raster.width * raster.height);
  for (let i = 0; i < own.length; i++) {
    own[i] = Math.round(((rgba[4 * i] ?? 0) * (rgba[4 * i + 3] ?? 0)) / 255);
  }
  const same = raster.width === width && raster.height === height;
  const coverage = same ? own : await resample(own, raster, width, height);
  return {
    mask: { width, height, coverage },
    sha256: coverageHash(coverage),
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
