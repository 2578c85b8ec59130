import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../../native-models/text/load-tokenizer.ts';
import { normaliseText } from '../../../../native-models/text/normalise-text.ts';
import { chunkPrompt } from '../../../../native-models/text/prompt-chunks.ts';
import { mapped } from '../../../../native-models/text/mapped-text.ts';
import type { Tokenizer } from '../../../../native-models/text/tokenizer.ts';
import { sharedPath } from '../../../fixtures/reference-folder.ts';
import { spent } from '../../../fixtures/spent.ts';

const tokensFile = sharedPath('reference', 'clip_tokens.json');
const shipped = join(import.meta.dirname, '../../../../native-models/embedded/model/tokenizer');
const embedded = existsSync(join(shipped, 'vocab.json'))
  ? shipped
  : sharedPath('embedded', 'model', 'tokenizer');

const plain = (tokenizer: Tokenizer, text: string): number[] => {
  const { ids } = tokenizer.encode(text);
  return [...ids];
};

describe('the CLIP vocabulary', () => {
  let clip: Tokenizer;
  beforeAll(async () => {
    clip = await loadTokenizer('clip');
  });

  it('has 49,408 tokens, markers at the end, 77 positions', () => {
    expect(clip).toMatchObject({
      size: 49_408,
      startId: 49_406,
      endId: 49_407,
      padId: 49_407,
      maxLength: 77,
    });
  });

  it('agrees with known ids', () => {
    expect(plain(clip, 'a photo of a cat')).toEqual([320, 1125, 539, 320, 2368]);
    expect(plain(clip, "it's")).toEqual(plain(clip, 'it').concat(plain(clip, "'s")));
  });

  it('does not care for case, space, composed letters, curly quotes, entities, full width', () => {
    const alike = [
      ['A  Red\n\tFOX', 'a red fox'],
      ['cafe\u0301', 'caf\u00e9'],
      ['\u201cit\u2019s\u201d', '"it\'s"'],
      ['salt &amp; pepper', 'salt & pepper'],
      ['\uff21\uff22\uff23', 'abc'],
      ['\u1112\u1161\u11ab', '\ud55c'],
    ];
    for (const [left, right] of alike) expect(plain(clip, left!), left).toEqual(plain(clip, right!));
  });

  it('gives each token the offset of its word', () => {
    const text = 'Ünder\u0130 water, watercolours';
    const { ids, starts } = clip.encode(text);
    expect(ids).toHaveLength(starts.length);
    const words = new Set(starts.map((start) => text.slice(start).match(/^\S+?(?=[\s,]|$)|^,/)?.[0]));
    expect(words).toContain('water');
    expect(words).toContain('watercolours');
    expect(starts.every((start, i) => i === 0 || start >= starts[i - 1]!)).toBe(true);
  });

  it.skipIf(!tokensFile)('agrees with reference/clip_tokens.json (skipped where it is missing)', () => {
    const cases = JSON.parse(readFileSync(tokensFile!, 'utf8')) as Array<{
      prompt: string;
      ids: number[];
      bpe: number[];
    }>;
    for (const { prompt, ids, bpe } of cases) {
      expect(plain(clip, prompt)).toEqual(bpe);
      const [chunk] = chunkPrompt(clip, [{ kind: 'words', content: mapped(prompt), weight: 1 }]).chunks;
      expect([...chunk!.ids]).toEqual(ids);
    }
  });

  it('stays quick on the longest words', async () => {
    const cost = await spent(() => {
      for (const letter of ['a', '!', '😀', 'é']) clip.encode(letter.repeat(10_000));
    });
    expect(cost).toBeLessThan(5000);
  });
});

describe.skipIf(!embedded)('the embedded model (skipped where it is missing)', () => {
  it('gives the ids that it was trained and checked with', async () => {
    const tokenizer = await loadTokenizer(embedded!);
    expect(tokenizer).toMatchObject({ size: 1251, startId: 1249, endId: 1250, padId: 1250, maxLength: 32 });
    const ids = (text: string): number[] => {
      const [chunk] = chunkPrompt(tokenizer, [{ kind: 'words', content: mapped(text), weight: 1 }]).chunks;
      return [...chunk!.ids];
    };
    const padded = (...words: number[]): number[] => [
      1249,
      ...words,
      ...Array<number>(31 - words.length).fill(1250),
    ];
    expect(ids('an oil painting of a red sailboat on the sea at sunset')).toEqual(
      padded(532, 596, 567, 515, 320, 563, 1094, 514, 517, 819, 524, 652),
    );
    expect(ids('a black cat, flat illustration')).toEqual(padded(320, 648, 871, 267, 690, 664));
    expect(ids('a purple hot air balloon, watercolor')).toEqual(padded(320, 684, 932, 933, 844, 267, 630));
    expect(ids('snow')).toEqual(padded(723));
    expect(ids('')).toEqual(padded());
    expect(tokenizer.words()).toContain('sailboat');
  });
});

describe('tokenizer folders', () => {
  const root = mkdtempSync(join(tmpdir(), 'tokenizer-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const folder = (name: string, files: Record<string, string>): string => {
    const path = join(root, name);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  };
  const vocab = { a: 0, b: 1, 'b</w>': 2, 'ab</w>': 3, '<|startoftext|>': 4, '<|endoftext|>': 5, '!': 6 };
  const merges = '#version: 0.2\na b</w>\n';

  it('reads vocab.json with merges.txt, and its settings', async () => {
    const path = folder('plain', {
      'vocab.json': JSON.stringify(vocab),
      'merges.txt': merges,
      'tokenizer_config.json': JSON.stringify({ model_max_length: 10, pad_token: '!' }),
    });
    const tokenizer = await loadTokenizer(path);
    expect(tokenizer).toMatchObject({ maxLength: 10, padId: 6, startId: 4, endId: 5 });
    expect(tokenizer.encode('ab').ids).toEqual([3]);
  });

  it('reads tokenizer.json with merges as lines or pairs', async () => {
    for (const [name, list] of [
      ['lines', ['a b</w>']],
      ['pairs', [['a', 'b</w>']]],
    ] as const) {
      const model = { type: 'BPE', vocab, merges: list, end_of_word_suffix: '</w>' };
      const path = folder(name, { 'tokenizer.json': JSON.stringify({ model }) });
      expect((await loadTokenizer(path)).encode('AB').ids).toEqual([3]);
    }
  });

  it('refuses what is missing or damaged, and says so', async () => {
    const bad: Array<[string, Record<string, string>, string]> = [
      ['empty', {}, 'file-missing'],
      ['cut', { 'vocab.json': '{"a": 0', 'merges.txt': merges }, 'tokenizer-invalid'],
      ['array', { 'vocab.json': '[]', 'merges.txt': merges }, 'tokenizer-invalid'],
      ['twice', { 'vocab.json': '{"a": 0, "b": 0}', 'merges.txt': merges }, 'tokenizer-invalid'],
      ['negative', { 'vocab.json': '{"a": -1}', 'merges.txt': merges }, 'tokenizer-invalid'],
      ['no markers', { 'vocab.json': '{"a": 0}', 'merges.txt': merges }, 'tokenizer-invalid'],
      ['other', { 'tokenizer.json': '{"model": {"vocab": {}, "merges": []}}' }, 'tokenizer-invalid'],
    ];
    for (const [name, files, code] of bad) {
      await expect(loadTokenizer(folder(name, files)), name).rejects.toMatchObject({ code });
    }
    await expect(loadTokenizer(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'file-missing' });
  });
});

it('normalises with an offset for every character', () => {
  for (const text of [
    '',
    'plain',
    'İstanbul &amp; ﬁre',
    '&#x41;&#66;&bogus;&#0;',
    '\u0000\u0007x',
    '👩‍🎨 e\u0301',
  ]) {
    const { text: clean, offsets } = normaliseText(text);
    expect(offsets).toHaveLength(clean.length);
    expect([...offsets].every((offset) => offset < Math.max(text.length, 1))).toBe(true);
  }
  expect(normaliseText('&#x41;&#66;ﬁre').text).toBe('abfire');
});
