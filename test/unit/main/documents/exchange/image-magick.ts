import { spawnSync } from 'node:child_process';

/**
 * The name of ImageMagick's program, which reads and draws with code of its own.
 * @param part what it has to be built with, such as "freetype".
 * @returns null where it is not there, or is without that part.
 */
export function imageMagick(part = 'ImageMagick'): string | null {
  const names = ['magick', 'convert'];
  const says = (name: string): string => String(spawnSync(name, ['-version']).stdout);
  return names.find((name) => says(name).includes('ImageMagick') && says(name).includes(part)) ?? null;
}
