import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '../errors.ts';
import { type BpeVocabulary, clipVocabulary, parseMerges } from './clip-vocabulary.ts';
import { createTokenizer, type Tokenizer, type TokenizerSettings } from './tokenizer.ts';

/** CLIP's own files have 1.1 MB; a file far above is none of them. */
const MOST_BYTES = 32 * 2 ** 20;
const MOST_POSITIONS = 4096;

const CLIP_SETTINGS: TokenizerSettings = {
  maxLength: 77,
  startToken: '<|startoftext|>',
  endToken: '<|endoftext|>',
  padToken: '<|endoftext|>',
};

let clip: Tokenizer | null = null;

function invalid(folder: string, what: string, cause?: unknown): ModelError {
  return new ModelError(
    'tokenizer-invalid',
    `The tokenizer in ${folder} cannot be used: ${what}.`,
    'Copy the model folder again from where it came from.',
    cause === undefined ? undefined : { cause },
  );
}

async function readBounded(folder: string, name: string): Promise<string | null> {
  const path = join(folder, name);
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return null;
  if (info.size > MOST_BYTES) throw invalid(folder, `${name} has ${info.size} bytes`);
  return readFile(path, 'utf8');
}

function parseObject(folder: string, name: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch (cause) {
    throw invalid(folder, `${name} is not JSON`, cause);
  }
  throw invalid(folder, `${name} is not a JSON object`);
}

function checkVocab(folder: string, value: unknown): Record<string, number> {
  const vocab: Record<string, number> = Object.create(null) as Record<string, number>;
  if (typeof value !== 'object' || value === null) throw invalid(folder, 'it has no vocabulary');
  const seen = new Set<number>();
  for (const [token, id] of Object.entries(value as Record<string, unknown>)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= 2 ** 24 || seen.has(id)) {
      throw invalid(folder, `the token ${JSON.stringify(token)} has no id of its own`);
    }
    seen.add(id);
    vocab[token] = id;
  }
  return vocab;
}

/** Newer folders hold one `tokenizer.json`; its merges are lines or pairs. */
function vocabularyFromJson(folder: string, text: string): BpeVocabulary {
  const model = parseObject(folder, 'tokenizer.json', text)['model'];
  if (typeof model !== 'object' || model === null) throw invalid(folder, 'tokenizer.json has no model');
  const { vocab, merges, end_of_word_suffix: suffix } = model as Record<string, unknown>;
  if (suffix !== '</w>' || !Array.isArray(merges)) throw invalid(folder, 'it is not a CLIP tokenizer');
  const lines = merges.map((merge: unknown) => (Array.isArray(merge) ? merge.join(' ') : String(merge)));
  return { vocab: checkVocab(folder, vocab), merges: parseMerges(['', ...lines].join('\n')) };
}

async function readVocabulary(folder: string): Promise<BpeVocabulary> {
  const [vocab, merges] = [await readBounded(folder, 'vocab.json'), await readBounded(folder, 'merges.txt')];
  if (vocab !== null && merges !== null) {
    return {
      vocab: checkVocab(folder, parseObject(folder, 'vocab.json', vocab)),
      merges: parseMerges(merges),
    };
  }
  const whole = await readBounded(folder, 'tokenizer.json');
  if (whole !== null) return vocabularyFromJson(folder, whole);
  throw new ModelError(
    'file-missing',
    `The tokenizer folder ${folder} has neither vocab.json with merges.txt nor tokenizer.json.`,
    'Copy the model folder again from where it came from.',
  );
}

/** A marker is a string, or an object whose `content` is one. */
function markerOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  const { content } = value as Record<string, unknown>;
  return typeof content === 'string' ? content : null;
}

function readSettings(
  folder: string,
  texts: ReadonlyArray<readonly [string, string | null]>,
): TokenizerSettings {
  let settings = CLIP_SETTINGS;
  for (const [name, text] of texts) {
    if (text === null) continue;
    const json = parseObject(folder, name, text);
    const length = json['model_max_length'];
    // transformers writes 10^30 for "no limit".
    const usable =
      typeof length === 'number' && Number.isInteger(length) && length >= 3 && length <= MOST_POSITIONS;
    settings = {
      maxLength: usable ? length : settings.maxLength,
      startToken: markerOf(json['bos_token']) ?? settings.startToken,
      endToken: markerOf(json['eos_token']) ?? settings.endToken,
      padToken: markerOf(json['pad_token']) ?? settings.padToken,
    };
  }
  return settings;
}

/**
 * Loads a CLIP tokenizer.
 *
 * @param source the tokenizer folder of a diffusers model (`vocab.json` and `merges.txt`, or
 *   `tokenizer.json`; `tokenizer_config.json` and `special_tokens_map.json` where they are), or
 *   `clip` for the vocabulary that single-file checkpoints rely on, built once.
 * @throws ModelError `file-missing` or `tokenizer-invalid`.
 */
export async function loadTokenizer(source: string): Promise<Tokenizer> {
  if (source === 'clip') {
    clip ??= createTokenizer(clipVocabulary(), CLIP_SETTINGS);
    return clip;
  }
  const vocabulary = await readVocabulary(source);
  const names = ['special_tokens_map.json', 'tokenizer_config.json'];
  const texts = await Promise.all(
    names.map(async (name) => [name, await readBounded(source, name)] as const),
  );
  try {
    return createTokenizer(vocabulary, readSettings(source, texts));
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw invalid(source, cause instanceof Error ? cause.message : 'it is damaged', cause);
  }
}
