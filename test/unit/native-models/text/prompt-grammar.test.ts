import { describe, expect, it } from 'vitest';
import { mapped } from '../../../../native-models/text/mapped-text.ts';
import { weighFragments } from '../../../../native-models/text/prompt-attention.ts';
import { schedulePrompt } from '../../../../native-models/text/prompt-schedule.ts';
import { takeTags } from '../../../../native-models/text/prompt-tags.ts';

const weigh = (text: string): Array<[string, number] | 'BREAK'> =>
  weighFragments(mapped(text)).map((f) =>
    f.kind === 'break' ? 'BREAK' : [f.content.text, Number(f.weight.toPrecision(12))],
  );
const schedule = (text: string, steps = 10): Array<[number, string]> =>
  schedulePrompt(mapped(text), steps).map(({ to, content }) => [to, content.text]);

/** The examples in the documentation of A1111's `parse_prompt_attention`. */
describe('weights', () => {
  it.each<[string, Array<[string, number]>]>([
    ['normal text', [['normal text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    ['(unbalanced', [['unbalanced', 1.1]]],
    ['\\(literal\\]', [['(literal]', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [
        ['a ', 1],
        ['house', 1.573],
        [' ', 1.1],
        ['on', 1],
        [' a ', 1.1],
        ['hill', 0.55],
        [', sun, ', 1.1],
        ['sky', 1.4641],
        ['.', 1.1],
      ],
    ],
  ])('%s', (text, expected) => {
    expect(weigh(text)).toEqual(expected);
  });

  it('reads weights with signs and spaces, and leaves the rest of the punctuation alone', () => {
    expect(weigh('(a: 1.5 ) b:2) c')).toEqual([
      ['a', 1.5],
      [' b:2) c', 1],
    ]);
    expect(weigh('(a:-0.5)')).toEqual([['a', -0.5]]);
    expect(weigh('[a]')).toEqual([['a', Number((1 / 1.1).toPrecision(12))]]);
    expect(weigh('time: 12:30')).toEqual([['time: 12:30', 1]]);
    expect(weigh('')).toEqual([]);
  });

  it('splits at BREAK, also inside brackets, but not inside words', () => {
    expect(weigh('a BREAK b')).toEqual([['a', 1], 'BREAK', ['b', 1]]);
    expect(weigh('(a BREAK b)')).toEqual([['a', 1.1], 'BREAK', ['b', 1.1]]);
    expect(weigh('BREAKFAST break')).toEqual([['BREAKFAST break', 1]]);
  });

  it('keeps weights finite', () => {
    const deep = `${'('.repeat(5000)}a`;
    for (const text of [deep, '(a:99999999999999999999)', '((a:1e5):..)']) {
      for (const fragment of weighFragments(mapped(text))) {
        if (fragment.kind === 'words') expect(Math.abs(fragment.weight)).toBeLessThanOrEqual(100);
      }
    }
  });

  it('knows where each character came from', () => {
    const text = 'a (b\\(c:1.2) BREAK d';
    for (const fragment of weighFragments(mapped(text))) {
      if (fragment.kind === 'break') continue;
      const { text: said, offsets } = fragment.content;
      expect([...offsets].map((offset) => text[offset]).join('')).toBe(said);
    }
  });
});

/** The examples in the documentation of A1111's `get_learned_conditioning_prompt_schedules`. */
describe('schedules', () => {
  it.each<[string, Array<[number, string]>]>([
    ['test', [[10, 'test']]],
    [
      'a [b:3]',
      [
        [3, 'a '],
        [10, 'a b'],
      ],
    ],
    [
      'a [b: 3]',
      [
        [3, 'a '],
        [10, 'a b'],
      ],
    ],
    [
      'a [[[b]]:2]',
      [
        [2, 'a '],
        [10, 'a [[b]]'],
      ],
    ],
    [
      '[(a:2):3]',
      [
        [3, ''],
        [10, '(a:2)'],
      ],
    ],
    [
      'a [b : c : 1] d',
      [
        [1, 'a b  d'],
        [10, 'a  c  d'],
      ],
    ],
    [
      'a[b:[c:d:2]:1]e',
      [
        [1, 'abe'],
        [2, 'ace'],
        [10, 'ade'],
      ],
    ],
    ['a [unbalanced', [[10, 'a [unbalanced']]],
    [
      'a [b:.5] c',
      [
        [5, 'a  c'],
        [10, 'a b c'],
      ],
    ],
    [
      'a [{b|d{:.5] c',
      [
        [5, 'a  c'],
        [10, 'a {b|d{ c'],
      ],
    ],
    [
      '((a][:b:c [d:3]',
      [
        [3, '((a][:b:c '],
        [10, '((a][:b:c d'],
      ],
    ],
    [
      'a [b::3] c',
      [
        [3, 'a b c'],
        [10, 'a  c'],
      ],
    ],
    ['a [b:c:1.0]', [[10, 'a b']]],
    ['a [b:c:0]', [[10, 'a c']]],
    ['a [b:c:d:3]', [[10, 'a [b:c:d:3]']]],
    ['a [b:c] d', [[10, 'a [b:c] d']]],
    ['\\[b:c:3]', [[10, '\\[b:c:3]']]],
  ])('%s', (text, expected) => {
    expect(schedule(text)).toEqual(expected);
  });

  it('alternates every step', () => {
    expect(schedule('[a|(b:1.1)]', 4)).toEqual([
      [1, 'a'],
      [2, '(b:1.1)'],
      [3, 'a'],
      [4, '(b:1.1)'],
    ]);
    expect(schedule('[fe|]male', 3)).toEqual([
      [1, 'female'],
      [2, 'male'],
      [3, 'female'],
    ]);
    expect(schedule('[fe|||]male', 5)).toEqual([
      [1, 'female'],
      [4, 'male'],
      [5, 'female'],
    ]);
    expect(schedule('([a|b] c:1.2)', 2)).toEqual([
      [1, '(a c:1.2)'],
      [2, '(b c:1.2)'],
    ]);
  });

  it('covers all steps without gap or overlap, whatever is typed', () => {
    const letters = ['a', '[', ']', '(', ')', ':', '|', '3', '.5', ' ', '\\'];
    let seed = 1;
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    for (let run = 0; run < 3000; run += 1) {
      const text = Array.from({ length: next() % 24 }, () => letters[next() % letters.length]).join('');
      const ranges = schedulePrompt(mapped(text), 7);
      expect(ranges[0]!.from).toBe(0);
      expect(ranges.at(-1)!.to).toBe(7);
      for (const [i, range] of ranges.entries()) {
        expect(range.to).toBeGreaterThan(range.from);
        if (i > 0) expect(range.from).toBe(ranges[i - 1]!.to);
        const { text: said, offsets } = range.content;
        expect([...offsets].map((offset) => text[offset]).join('')).toBe(said);
      }
    }
  });

  it('refuses brackets nested without end, and takes any number that are stray', () => {
    expect(() => schedule(`${'['.repeat(500)}a${']'.repeat(500)}`)).toThrow(/nested/);
    expect(schedule('['.repeat(20_000))).toHaveLength(1);
    expect(schedule('(]'.repeat(10_000))).toHaveLength(1);
  });
});

describe('tags', () => {
  const tags = (text: string) => {
    const { content, loras, notes } = takeTags(mapped(text));
    return { text: content.text, loras, notes: notes.length };
  };

  it('takes LoRAs out of the text', () => {
    expect(tags('a <lora:ink wash:0.8> cat <lora:b>')).toEqual({
      text: 'a  cat ',
      loras: [
        { name: 'ink wash', unetStrength: 0.8, textStrength: 0.8 },
        { name: 'b', unetStrength: 1, textStrength: 1 },
      ],
      notes: 0,
    });
    expect(tags('<lora:x:0.5:0.9>').loras).toEqual([{ name: 'x', textStrength: 0.5, unetStrength: 0.9 }]);
    expect(tags('<lyco:x:unet=0.9:te=0>').loras).toEqual([{ name: 'x', textStrength: 0, unetStrength: 0.9 }]);
  });

  it('leaves in the text what it does not understand, and says so', () => {
    for (const text of ['<hypernet:x:1>', '<lora:x:strong>', '<lora::1>']) {
      expect(tags(text)).toEqual({ text, loras: [], notes: 1 });
    }
    expect(tags('a AND b')).toEqual({ text: 'a AND b', loras: [], notes: 1 });
    expect(tags('a < b > c').notes).toBe(0);
  });
});
