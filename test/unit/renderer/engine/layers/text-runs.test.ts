import { describe, expect, it } from 'vitest';
import { layerRecordSchema } from '../../../../../preload/contract/index.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import type { LayerText } from '../../../../../renderer/engine/layers/layer-text.ts';
import {
  alignsOf,
  styledRanges,
  withAlign,
  withStyle,
  withWords,
} from '../../../../../renderer/engine/layers/text-runs.ts';
import { seeded } from '../compositor/random-document.ts';

const plain: LayerText = {
  text: 'one two\nthree',
  font: 'Inter',
  size: 20,
  weight: 400,
  italic: false,
  align: 'left',
  leading: 1.2,
  spacing: 0,
  colour: '#000000',
  place: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
};

/** Each letter with its size. */
const sizes = (text: LayerText): [string, number][] =>
  styledRanges(text).map(({ from, to, style }) => [text.text.slice(from, to), style.size]);

describe('letters of several styles', () => {
  it('are those that were chosen, and no others', () => {
    const text = withStyle(plain, 4, 7, { size: 40 });
    expect(sizes(text)).toEqual([
      ['one ', 20],
      ['two', 40],
      ['\nthree', 20],
    ]);
    expect(text.runs).toEqual([
      { length: 4, style: {} },
      { length: 3, style: { size: 40 } },
    ]);
    expect(withStyle(text, 4, 7, { size: 20 }).runs).toBeNull();
    const red = withStyle(text, 5, 9, { colour: '#ff0000' });
    expect(
      styledRanges(red).map(({ from, to, style: { size, colour } }) => [from, to, size, colour]),
    ).toEqual([
      [0, 4, 20, '#000000'],
      [4, 5, 40, '#000000'],
      [5, 7, 40, '#ff0000'],
      [7, 9, 20, '#ff0000'],
      [9, 13, 20, '#000000'],
    ]);
  });

  it('lose what all letters are given, and keep the rest', () => {
    const text = withStyle(withStyle(plain, 0, 3, { size: 40, italic: true }), 0, 13, { size: 30 });
    expect(text).toMatchObject({ size: 30, italic: false, runs: [{ length: 3, style: { italic: true } }] });
  });

  it('are the same letters after writing: new ones look as the one before, or as those they replace', () => {
    const text = withStyle(plain, 4, 7, { size: 40 });
    expect(sizes(withWords(text, 'one twoo\nthree'))[1]).toEqual(['twoo', 40]);
    expect(sizes(withWords(text, 'one  two\nthree'))[0]).toEqual(['one  ', 20]);
    expect(sizes(withWords(text, 'one six\nthree'))[1]).toEqual(['six', 40]);
    expect(sizes(withWords(text, 'one \nthree'))).toEqual([['one \nthree', 20]]);
    expect(sizes(withWords(text, ''))).toEqual([['', 20]]);
    // At the start there is none before.
    expect(sizes(withWords(withStyle(plain, 0, 3, { size: 9 }), 'xone two\nthree'))[0]).toEqual(['xone', 9]);
  });

  it('keep their style through random writing, however it is chosen', () => {
    const random = seeded(8);
    const below = (limit: number): number => Math.floor(random() * limit);
    let text = plain;
    // Digits say what size a letter was given when it was written.
    let marks = Array.from(plain.text, () => 20);
    for (let i = 0; i < 400; i++) {
      const from = below(text.text.length + 1);
      const to = from + below(text.text.length - from + 1);
      if (random() < 0.5) {
        const size = 10 + below(5);
        if (to === from) continue;
        text = withStyle(text, from, to, { size });
        marks = marks.map((mark, at) => (at >= from && at < to ? size : mark));
      } else {
        // Letters that are nowhere else, so that where they were put is beyond doubt.
        const added = String.fromCharCode(...Array.from({ length: below(4) }, () => 0x4e00 + below(20000)));
        const size = marks[to > from ? from : Math.max(0, from - 1)] ?? text.size;
        text = withWords(text, text.text.slice(0, from) + added + text.text.slice(to));
        marks = [...marks.slice(0, from), ...Array.from(added, () => size), ...marks.slice(to)];
      }
      const seen = styledRanges(text).flatMap(({ from: a, to: b, style }) =>
        Array.from({ length: b - a }, () => style.size),
      );
      expect(seen).toEqual(marks);
    }
  });

  it('stand in paragraphs that are aligned each by itself, which stay so when others come and go', () => {
    const text = withAlign({ ...plain, text: 'a\nb\nc' }, 2, 3, 'right');
    expect(alignsOf(text)).toEqual(['left', 'right', 'left']);
    expect(alignsOf(withWords(text, 'a\nx\nb\nc'))).toEqual(['left', 'left', 'right', 'left']);
    expect(alignsOf(withWords(text, 'a\nb1\n2\nc'))).toEqual(['left', 'right', 'right', 'left']);
    expect(alignsOf(withWords(text, 'b\nc'))).toEqual(['right', 'left']);
    expect(withAlign(text, 0, 5, 'center')).toMatchObject({ align: 'center', aligns: null });
  });

  it('are stored, and a document that knows none of it is read as before', () => {
    const text = withAlign(withStyle(plain, 4, 7, { size: 40, colour: '#ff0000' }), 0, 2, 'right');
    const record = layerRecord({ id: 'a', text });
    expect(layerRecordSchema.parse(JSON.parse(JSON.stringify(record))).text).toEqual(text);
    const { runs: _runs, aligns: _aligns, ...old } = text;
    expect(layerRecordSchema.parse({ ...record, text: old }).text).toEqual(old);
    const long = { ...text, runs: [{ length: 0, style: {} }] };
    expect(layerRecordSchema.safeParse({ ...record, text: long }).success).toBe(false);
  });
});
