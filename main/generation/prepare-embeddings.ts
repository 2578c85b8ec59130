import { basename, extname } from 'node:path';
import { openAdapterFile } from '../../native-models/adapters/adapter-source.ts';
import { readTextualInversion } from '../../native-models/adapters/textual-inversion.ts';
import { ModelError } from '../../native-models/errors.ts';
import type { GenerationRequest } from '../../preload/contract/index.ts';
import type { EmbeddingChoice } from '../inference/protocol.ts';
import { refusePickle } from '../models/refuse-pickle.ts';

/** Longest word that a recipe holds. */
const MOST_CHARACTERS = 100;

/**
 * Settles by which word each textual inversion is called: the one that is asked for, else the one in its file, else the
 * file's name.
 *
 * @throws ModelError when a file is no textual inversion, is pickled, or two would answer to one word
 */
export async function prepareEmbeddings(
  asked: NonNullable<GenerationRequest['embeddings']>,
): Promise<EmbeddingChoice[]> {
  const choices: EmbeddingChoice[] = [];
  for (const { path, word } of asked) {
    refusePickle(path);
    const { token } = await readTextualInversion(await openAdapterFile(path));
    const name = (word ?? token ?? basename(path, extname(path))).slice(0, MOST_CHARACTERS);
    if (choices.some((choice) => choice.name === name)) {
      throw new ModelError(
        'adapter-unsupported',
        `Two textual inversions answer to "${name}". Nothing was started.`,
        'Take one of them off, or rename its file.',
      );
    }
    choices.push({ path, name });
  }
  return choices;
}
