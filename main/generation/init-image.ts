import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Raster } from '../../preload/contract/index.ts';

/** Pixels to start from, as large as the picture, and the hash that the recipe names them by. */
export interface PreparedInit {
  readonly image: Raster;
  /** SHA-256 of the RGBA bytes. */
  readonly sha256: string;
}

/**
 * Brings a raster to `width` × `height` (Lanczos, three lobes, on premultiplied colour) unless it has that size
 * already. Proportions are the caller's business: both axes are scaled apart.
 */
export async function prepareInit(raster: Raster, width: number, height: number): Promise<PreparedInit> {
  const same = raster.width === width && raster.height === height;
  const rgba = same ? raster.rgba : await resample(raster, width, height);
  return { image: { width, height, rgba }, sha256: createHash('sha256').update(rgba).digest('hex') };
}

async function resample(
  { rgba, width, height }: Raster,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const scaled = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .resize(toWidth, toHeight, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return new Uint8Array(scaled);
}
