import { openAdapterFile } from '../../../native-models/adapters/adapter-source.ts';
import {
  readTextualInversion,
  type TextualInversion,
} from '../../../native-models/adapters/textual-inversion.ts';
import type { EmbeddingChoice } from '../protocol.ts';

/**
 * Reads a job's textual inversions, by the word that stands for each.
 *
 * @throws ModelError when a file cannot be read or is none.
 */
export async function loadEmbeddings(
  choices: readonly EmbeddingChoice[],
): Promise<ReadonlyMap<string, TextualInversion>> {
  const loaded = new Map<string, TextualInversion>();
  for (const { path, name } of choices) {
    loaded.set(name, await readTextualInversion(await openAdapterFile(path)));
  }
  return loaded;
}
