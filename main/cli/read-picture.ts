import { readFile, stat } from 'node:fs/promises';
import { type Raster, StudioError } from '../../preload/contract/index.ts';

/** Largest picture file that is read. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Reads a picture file to 8-bit RGBA.
 *
 * @param option the option that named it, for the error
 * @throws StudioError `cli/picture-missing`, `cli/picture-too-large`, `picture/…`
 */
export async function readPicture(path: string, option: string): Promise<Raster> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw new StudioError(
      'cli/picture-missing',
      `There is no picture at ${path}.`,
      `Check the path of ${option}.`,
    );
  }
  if (found.size > MAX_BYTES) {
    throw new StudioError(
      'cli/picture-too-large',
      `${path} has ${found.size} bytes; ${MAX_BYTES} fit.`,
      'Make it smaller.',
    );
  }
  const { decodePicture } = await import('../documents/png.ts');
  return decodePicture(await readFile(path), path);
}
