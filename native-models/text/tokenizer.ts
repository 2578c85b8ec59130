import { Tokenizer as BpeTokenizer } from '@huggingface/tokenizers';
import type { BpeVocabulary } from './clip-vocabulary.ts';
import { normaliseText } from './normalise-text.ts';

/** CLIP's words: contractions, runs of letters, single digits, runs of anything else but space. */
const WORD = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/giu;
/** The same for the library, which wants the letters spelled as a source. */
const WORD_SOURCE = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const CACHED_WORDS = 20_000;

/** Tokens of a text, without markers or padding. */
interface Tokens {
  readonly ids: readonly number[];
  /** For each token the offset in the text, in UTF-16 units, of the word that it is part of. */
  readonly starts: readonly number[];
}

/** CLIP's byte-pair encoding with one vocabulary. */
export interface Tokenizer {
  readonly startId: number;
  readonly endId: number;
  /** What fills up after the end: the end's own id, or 0 where the text encoder is OpenCLIP's. */
  readonly padId: number;
  /** Positions of the text encoder, markers included: 77 for CLIP. */
  readonly maxLength: number;
  /** Tokens in the vocabulary. */
  readonly size: number;
  /** Cleans and splits a text. Any length; time grows in proportion. */
  encode(text: string): Tokens;
  /** Words that are one token by themselves, lower case: what a small vocabulary knows. */
  words(): string[];
}

/** What a tokenizer is told beside its vocabulary. */
export interface TokenizerSettings {
  readonly maxLength: number;
  readonly startToken: string;
  readonly endToken: string;
  readonly padToken: string;
}

/**
 * A tokenizer on a vocabulary (`@huggingface/tokenizers`, BPE with `</w>` at a word's end).
 *
 * @throws RangeError if a marker is not in the vocabulary.
 */
export function createTokenizer(vocabulary: BpeVocabulary, settings: TokenizerSettings): Tokenizer {
  const { vocab, merges } = vocabulary;
  const idOf = (token: string): number => {
    const id = Object.hasOwn(vocab, token) ? vocab[token] : undefined;
    if (id === undefined) throw new RangeError(`The vocabulary has no ${token}`);
    return id;
  };
  const [startId, endId, padId] = [settings.startToken, settings.endToken, settings.padToken].map(idOf);
  if (startId === undefined || endId === undefined || padId === undefined) {
    throw new RangeError('The vocabulary has no markers');
  }
  const marker = (id: number, content: string) => ({ id, content, special: true });
  const library = new BpeTokenizer(
    {
      added_tokens: [marker(startId, settings.startToken), marker(endId, settings.endToken)],
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: WORD_SOURCE }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: null,
      model: {
        type: 'BPE',
        vocab,
        merges,
        unk_token: settings.endToken,
        continuing_subword_prefix: '',
        end_of_word_suffix: '</w>',
        fuse_unk: false,
      },
    },
    {},
  );
  const cache = new Map<string, readonly number[]>();

  const encodeWord = (word: string): readonly number[] => {
    const known = cache.get(word);
    if (known) return known;
    const { ids } = library.encode(word, { add_special_tokens: false });
    if (cache.size >= CACHED_WORDS) cache.clear();
    cache.set(word, ids);
    return ids;
  };

  return {
    startId,
    endId,
    padId,
    maxLength: settings.maxLength,
    size: Object.keys(vocab).length,
    encode(text) {
      const clean = normaliseText(text);
      const ids: number[] = [];
      const starts: number[] = [];
      for (const match of clean.text.matchAll(WORD)) {
        const start = clean.offsets[match.index] ?? 0;
        for (const id of encodeWord(match[0])) {
          ids.push(id);
          starts.push(start);
        }
      }
      return { ids, starts };
    },
    words: () =>
      Object.keys(vocab)
        .filter((token) => /^\p{L}{2,}<\/w>$/u.test(token))
        .map((token) => token.slice(0, -'</w>'.length)),
  };
}

/** The same tokenizer, filling up with another id: 0 for SD 2.x and SDXL's second text encoder. */
export function withPadId(tokenizer: Tokenizer, padId: number): Tokenizer {
  return { ...tokenizer, padId };
}
