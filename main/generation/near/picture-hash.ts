import sharp from 'sharp';
import type { Raster } from '../../../preload/contract/index.ts';

const COLUMNS = 9;
const ROWS = 8;

/**
 * The 64-bit difference hash of a picture (Krawetz 2013, "Kind of Like That"): shrunk to 9 × 8 grey pixels on white, each
 * bit says whether a pixel is brighter than its right neighbour. Two versions of one picture differ in few bits.
 */
export async function hashPicture({ width, height, rgba }: Raster): Promise<bigint> {
  const grey = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: '#ffffff' })
    .greyscale()
    .resize(COLUMNS, ROWS, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  let hash = 0n;
  for (let y = 0; y < ROWS; y++) {
    for (let x = 0; x < COLUMNS - 1; x++) {
      const at = y * COLUMNS + x;
      hash = (hash << 1n) | ((grey[at] ?? 0) > (grey[at + 1] ?? 0) ? 1n : 0n);
    }
  }
  return hash;
}
