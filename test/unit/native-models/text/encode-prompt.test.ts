import { beforeAll, describe, expect, it } from 'vitest';
import { applyEmphasis } from '../../../../native-models/text/emphasis.ts';
import { countTokens, encodePrompt } from '../../../../native-models/text/encode-prompt.ts';
import { loadTokenizer } from '../../../../native-models/text/load-tokenizer.ts';
import { emptyChunk } from '../../../../native-models/text/prompt-chunks.ts';
import { type Tokenizer, withPadId } from '../../../../native-models/text/tokenizer.ts';
import { editDistance, unknownWords } from '../../../../native-models/text/unknown-words.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadTokenizer('clip');
});

const START = 49_406;
const END = 49_407;
const CAT = 2368;
const DOG = 1929;
const COMMA = 267;
const words = (ids: Int32Array): number[] => [...ids].slice(1, ids.indexOf(END));

describe('chunks', () => {
  it('frames and fills a short prompt, and carries weights by token', () => {
    const { ranges } = encodePrompt(clip, '(cat:1.5) dog', { steps: 1 });
    const [chunk] = ranges[0]!.chunks;
    expect([...chunk!.ids.subarray(0, 5)]).toEqual([START, CAT, DOG, END, END]);
    expect([...chunk!.weights.subarray(0, 5)]).toEqual([1, 1.5, 1, 1, 1]);
    expect(chunk!.ids).toHaveLength(77);
  });

  it('fills up with 0 where the text encoder wants that', () => {
    const { ranges } = encodePrompt(withPadId(clip, 0), 'cat', { steps: 1 });
    expect([...ranges[0]!.chunks[0]!.ids.subarray(0, 4)]).toEqual([START, CAT, END, 0]);
  });

  it('goes on beyond 75 tokens, and keeps every one', () => {
    for (const count of [74, 75, 76, 150, 151, 400]) {
      const text = Array<string>(count).fill('cat').join(' ');
      const { chunks } = encodePrompt(clip, text, { steps: 1 }).ranges[0]!;
      expect(chunks).toHaveLength(Math.ceil(count / 75));
      expect(chunks.flatMap((chunk) => words(chunk.ids))).toEqual(Array<number>(count).fill(CAT));
      const meter = countTokens(clip, text, { steps: 1 });
      expect(meter).toMatchObject({ tokens: count, chunks: chunks.length, capacity: chunks.length * 75 });
      expect(meter.borders).toEqual(chunks.slice(1).map((_, i) => (i + 1) * 75 * 4));
    }
  });

  it('cuts after a comma that is near, and anywhere if told to', () => {
    const text = `${'cat '.repeat(70)}, ${'dog '.repeat(10)}`;
    const near = encodePrompt(clip, text, { steps: 1 }).ranges[0]!.chunks;
    expect(words(near[0]!.ids).at(-1)).toBe(COMMA);
    expect(words(near[1]!.ids)).toEqual(Array<number>(10).fill(DOG));
    const anywhere = encodePrompt(clip, text, { steps: 1, commaBacktrack: 0 }).ranges[0]!.chunks;
    expect(words(anywhere[0]!.ids)).toHaveLength(75);
  });

  // A1111, sd_hijack_clip.tokenize_line: a comma counts while no more than 20 of the chunk's 75 tokens begin with it.
  it.each([
    [54, 75],
    [55, 56],
    [73, 74],
  ])('with a comma after %i words the first chunk has %i tokens', (before, tokens) => {
    const text = `${'cat '.repeat(before)}, ${'dog '.repeat(30)}`;
    const [first] = encodePrompt(clip, text, { steps: 1 }).ranges[0]!.chunks;
    expect(words(first!.ids)).toHaveLength(tokens);
  });

  it('ends a chunk at BREAK', () => {
    const { chunks } = encodePrompt(clip, 'cat BREAK dog', { steps: 1 }).ranges[0]!;
    expect(chunks.map((chunk) => words(chunk.ids))).toEqual([[CAT], [DOG]]);
    expect(countTokens(clip, 'cat BREAK dog', { steps: 1 })).toMatchObject({ tokens: 76, borders: [10] });
  });

  it('leaves room for the vectors of a textual inversion', () => {
    const embeddings = new Map([
      ['ink', 2],
      ['ink wash', 4],
    ]);
    const { chunks } = encodePrompt(clip, 'cat (ink wash:1.2) dog', { steps: 1, embeddings }).ranges[0]!;
    expect(chunks[0]!.embeddings).toEqual([{ at: 2, name: 'ink wash', length: 4 }]);
    expect(chunks[0]!.ids[6]).toBe(DOG);
    expect([...chunks[0]!.weights.subarray(1, 7)].map((w) => Number(w.toFixed(3)))).toEqual([
      1, 1.2, 1.2, 1.2, 1.2, 1,
    ]);
    const late = encodePrompt(clip, `${'cat '.repeat(73)} ink wash`, { steps: 1, embeddings }).ranges[0]!;
    expect(late.chunks[1]!.embeddings).toEqual([{ at: 1, name: 'ink wash', length: 4 }]);
  });

  it('has an empty chunk for an empty prompt', () => {
    const { chunks } = encodePrompt(clip, '', { steps: 1 }).ranges[0]!;
    expect(chunks).toEqual([emptyChunk(clip)]);
  });

  it('takes every character as it stands in plain syntax', () => {
    const long = Array.from({ length: 60 }, (_, i) => `cat, dog${i}`).join(' ');
    const cut = encodePrompt(clip, long, { steps: 3, syntax: 'plain' }).ranges[0]!.chunks;
    expect(cut).toHaveLength(1);
    expect([...cut[0]!.ids.subarray(1, 76)]).toEqual(clip.encode(long).ids.slice(0, 75));
    const { ranges, loras } = encodePrompt(clip, '(cat:1.5) <lora:x:1>', { steps: 3, syntax: 'plain' });
    expect(loras).toEqual([]);
    expect(ranges).toHaveLength(1);
    expect([...ranges[0]!.chunks[0]!.weights].every((weight) => weight === 1)).toBe(true);
    expect(words(ranges[0]!.chunks[0]!.ids)).toEqual([...clip.encode('(cat:1.5) <lora:x:1>').ids]);
  });
});

describe('ranges', () => {
  it('share chunks where they say the same', () => {
    const { ranges } = encodePrompt(clip, '[cat|dog]', { steps: 100 });
    expect(ranges).toHaveLength(100);
    expect(new Set(ranges.map((range) => range.chunks)).size).toBe(2);
  });

  it('counts the longest form', () => {
    expect(countTokens(clip, '[cat:dog dog dog:3]', { steps: 10 }).tokens).toBe(3);
  });
});

describe('limits', () => {
  it('refuses 100,000 characters before any work', () => {
    const spent = process.cpuUsage();
    expect(() => encodePrompt(clip, 'a'.repeat(100_000), { steps: 20 })).toThrow(/limit is 20000/);
    expect(() => unknownWords('a'.repeat(100_000), [])).toThrow(/limit/);
    const { user, system } = process.cpuUsage(spent);
    expect((user + system) / 1000).toBeLessThan(100);
  });

  it('handles the longest prompts in time', () => {
    const units = [
      'cat ',
      '(',
      '[',
      ']',
      '(a:1.1) ',
      '[a|b]',
      'BREAK ',
      '[a:b:3]',
      '\\',
      ':',
      '<lora:a:1>',
      'é',
      '&',
      '｡',
    ];
    for (const unit of units) {
      const text = unit.repeat(Math.floor(20_000 / unit.length));
      const spent = process.cpuUsage();
      expect(() => {
        try {
          encodePrompt(clip, text, { steps: 50 });
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'ModelError') throw error;
        }
      }).not.toThrow();
      const { user, system } = process.cpuUsage(spent);
      // A second is the aim; the rest is for a slow machine.
      expect((user + system) / 1000, unit).toBeLessThan(4000);
    }
  });

  it('refuses steps that are none', () => {
    for (const steps of [0, -1, NaN, 1.5, 1e9]) {
      expect(() => encodePrompt(clip, 'cat', { steps })).toThrow(/steps/);
    }
  });
});

describe('emphasis', () => {
  const states = Float32Array.from([1, 2, 3, 4, 5, 6]);
  const weights = Float32Array.from([1, 1, 2]);

  it('multiplies rows and restores the mean', () => {
    const weighted = [1, 2, 3, 4, 10, 12];
    const factor = 3.5 / (32 / 6);
    const actual = applyEmphasis(states, weights, 'a1111');
    for (const [i, value] of weighted.entries()) expect(actual[i]).toBeCloseTo(value * factor, 5);
    expect([...applyEmphasis(states, weights, 'multiply')]).toEqual(weighted);
  });

  it('changes nothing without weights, or when told to ignore them', () => {
    expect(applyEmphasis(states, new Float32Array(3).fill(1), 'a1111')).toBe(states);
    expect(applyEmphasis(states, weights, 'ignore')).toBe(states);
  });
});

describe('unknown words', () => {
  const known = ['sailboat', 'lighthouse', 'cat', 'red', 'a'];

  it('finds each once, with its place and what is spelled alike', () => {
    const text = 'a RED (sailbaot:1.2), sailbaot, lighthose, dragon';
    expect(unknownWords(text, known)).toEqual([
      { word: 'sailbaot', start: 7, suggestions: ['sailboat'] },
      { word: 'lighthose', start: 32, suggestions: ['lighthouse'] },
      { word: 'dragon', start: 43, suggestions: [] },
    ]);
    expect(unknownWords('A Red, cat', known)).toEqual([]);
  });

  it('measures distance by letters, swaps being one', () => {
    const pairs: Array<[string, string, number]> = [
      ['', '', 0],
      ['', 'abc', 3],
      ['kitten', 'sitting', 3],
      ['ca', 'ac', 1],
      ['flaw', 'lawn', 2],
    ];
    for (const [a, b, distance] of pairs) {
      expect(editDistance(a, b)).toBe(distance);
      expect(editDistance(b, a)).toBe(distance);
    }
  });
});
