import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import type { NamedFile } from './hash-cache.ts';

/** Settings and vocabularies of a diffusers folder; weights are told by the checkpoint itself. */
const SETTINGS = /\.(json|txt)$/;

/**
 * The files that decide what a model paints: the one file it is, or, in a diffusers folder, the weights that are
 * read and the settings and vocabularies beside them. Other variants of the weights in the folder do not count.
 */
export async function modelFiles(checkpoint: Checkpoint): Promise<NamedFile[]> {
  if (checkpoint.layout === 'single-file') {
    return checkpoint.files.map(({ path }) => ({ path, name: basename(path) }));
  }
  const weights = new Set(checkpoint.files.map((file) => file.path));
  const found: NamedFile[] = [];
  const take = async (name: string): Promise<void> => {
    const path = join(checkpoint.path, name);
    if (SETTINGS.test(name) || weights.has(await realpath(path))) found.push({ path, name });
  };
  for (const entry of await readdir(checkpoint.path, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    if (!entry.isDirectory()) {
      await take(entry.name);
      continue;
    }
    for (const name of await readdir(join(checkpoint.path, entry.name))) await take(`${entry.name}/${name}`);
  }
  return found;
}
