import { readPictureFile } from './inspect-picture.ts';
import type { CommandStudio } from './open-studio.ts';

/** Takes a PNG file in as a result. @throws StudioError `cli/picture-missing`, `generation/no-recipe`, `picture/…` */
export async function adoptFile(studio: CommandStudio, path: string): Promise<string> {
  const png = await readPictureFile(path);
  return (await studio.request('generation.adopt', { png })).resultId;
}
