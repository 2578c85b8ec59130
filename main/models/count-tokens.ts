import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { countTokens } from '../../native-models/text/encode-prompt.ts';
import { loadTokenizer } from '../../native-models/text/load-tokenizer.ts';
import { mapped } from '../../native-models/text/mapped-text.ts';
import { takeTags } from '../../native-models/text/prompt-tags.ts';
import type { Tokenizer } from '../../native-models/text/tokenizer.ts';
import { type UnknownWord, unknownWords } from '../../native-models/text/unknown-words.ts';
import type { RequestResult } from '../../preload/contract/index.ts';
import { embeddedVocabulary } from './embedded-model.ts';
import type { LibraryModel } from './model-library.ts';

/** Steps that a prompt's schedule is spread over where no run has fixed them. */
const STEPS = 20;
/** Tokenizers kept at hand. */
const KEPT = 4;

/** Words of the prompt grammar, in capitals. */
const KEYWORDS: ReadonlySet<string> = new Set(['BREAK', 'AND']);

/** Reads prompts as models do, for the meter under the prompt. */
export interface TokenMeter {
  /** @throws ModelError when the model's tokenizer cannot be read, or for prompts above 20,000 characters */
  readonly count: (model: LibraryModel, text: string) => Promise<RequestResult<'models.tokens'>>;
}

/** A meter that keeps the last few models' tokenizers. */
export function createTokenMeter(): TokenMeter {
  const tokenizers = new Map<string, Promise<Tokenizer>>();

  const tokenizerOf = (path: string): Promise<Tokenizer> => {
    const kept = tokenizers.get(path) ?? openTokenizer(path);
    tokenizers.delete(path);
    tokenizers.set(path, kept);
    for (const old of [...tokenizers.keys()].slice(0, -KEPT)) tokenizers.delete(old);
    // A folder that could not be read may be mended.
    kept.catch(() => tokenizers.delete(path));
    return kept;
  };

  return {
    async count(model, text) {
      const tokenizer = await tokenizerOf(model.path);
      const { tokens, borders } = countTokens(tokenizer, text, { steps: STEPS });
      const unknown = model.card.embedded ? unknownToEmbedded(text, tokenizer) : [];
      return {
        tokens,
        limit: tokenizer.maxLength - 2,
        borders: [...borders],
        unknown: unknown.map(({ word, start, suggestions }) => ({ word, start, nearest: [...suggestions] })),
      };
    },
  };
}

async function openTokenizer(modelPath: string): Promise<Tokenizer> {
  const { textEncoders } = await openCheckpoint(modelPath);
  const source = textEncoders[0]?.tokenizer ?? 'clip';
  return loadTokenizer(source === 'clip' ? source : source.folder);
}

/** Small words such as "of" were learnt as tokens of their own, though no list for people names them. */
function unknownToEmbedded(text: string, tokenizer: Tokenizer): UnknownWord[] {
  const tokens = new Set(tokenizer.words());
  return unknownWords(withoutTags(text), embeddedVocabulary()).filter(
    ({ word, start }) =>
      word.length > 1 && !tokens.has(word) && !KEYWORDS.has(text.slice(start, start + word.length)),
  );
}

/** The text with blanks where it calls adapters: their names are no words of the picture. */
function withoutTags(text: string): string {
  const { content } = takeTags(mapped(text));
  const units = Array.from({ length: text.length }, () => ' ');
  for (const [index, offset] of content.offsets.entries()) units[offset] = content.text[index] ?? ' ';
  return units.join('');
}
