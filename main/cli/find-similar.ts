import { resultFile } from '../generation/result-store.ts';
import { openStudio } from './open-studio.ts';
import { readPicture } from './read-picture.ts';
import type { Outcome } from './run-action.ts';

/** Looks a picture up among the results of the user's own studio. */
export async function findSimilar(path: string, within: number): Promise<Outcome> {
  const raster = await readPicture(path, 'the picture');
  const studio = await openStudio({ startWorker: false });
  try {
    const found = await studio.request('gallery.similar', { raster, within });
    const near = found.map((each) => ({ ...each, file: resultFile(studio.dataFolder, each.resultId) }));
    return {
      text:
        near.length === 0
          ? `No result differs from ${path} in at most ${within} of 64 bits.`
          : near.map(({ distance, file }) => `${String(distance).padStart(2)}  ${file}`).join('\n'),
      json: { path, within, near },
    };
  } finally {
    await studio.close();
  }
}
