import { basename, extname } from 'node:path';
import type { Recipe } from '../../preload/contract/index.ts';
import type { AdapterChoice } from '../inference/protocol.ts';
import { given } from './given.ts';
import type { InputStore } from './inputs/input-store.ts';
import { coverageHash } from './prepare-mask.ts';

/** Adapters as a recipe names them. @throws StudioError `models/file-missing` */
export function nameAdapters(
  adapters: readonly AdapterChoice[],
  hashFile: (path: string) => Promise<string>,
): Promise<Recipe['adapters']> {
  return Promise.all(
    adapters.map(async ({ path, strength, textStrength, start, end, region }) => ({
      sha256: await hashFile(path),
      name: basename(path, extname(path)),
      strength,
      ...given({ textStrength, start, end, region: region && coverageHash(region.coverage) }),
    })),
  );
}

/** Keeps the coverage of the parts in which adapters act. */
export async function keepPlaces(adapters: readonly AdapterChoice[], inputs: InputStore): Promise<void> {
  for (const { region } of adapters) {
    if (region) await inputs.keepMask(region, coverageHash(region.coverage));
  }
}
