import { describe, expect, it } from 'vitest';
import type { LayerText } from '../../../../renderer/engine/layers/layer-text.ts';
import { applyAffine } from '../../../../renderer/engine/transform/affine.ts';
import { breakLines } from '../../../../renderer/tools/text/break-lines.ts';
import { resizeBox } from '../../../../renderer/tools/text/resize-box.ts';
import { type SetLine, type SetText, setLines } from '../../../../renderer/tools/text/set-lines.ts';

/** Every character is 10 px wide. */
const measure = (line: string): number => Array.from(line).length * 10;
const broken = (text: string, width: number | null): string[] =>
  breakLines(text, width, measure).map((line) => line.text);

const text: LayerText = {
  text: 'aa bb cc dd',
  font: 'Inter',
  size: 20,
  weight: 400,
  italic: false,
  align: 'left',
  leading: 1.5,
  spacing: 0,
  colour: '#000000',
  box: { width: 60, height: 100 },
  place: { a: 1, b: 0, c: 0, d: 1, e: 200, f: 100 },
};
/** Every character is half as wide as its style is high. */
const setText = (change: Partial<LayerText>): SetText =>
  setLines({ ...text, ...change }, (part) => (measure(part.text) * part.style.size) / 20);
const set = (change: Partial<LayerText>): readonly SetLine[] => setText(change).lines;

describe('lines of text', () => {
  it('end only where they are ended without a box', () => {
    expect(broken('one two\n\nthree ', null)).toEqual(['one two', '', 'three ']);
  });

  it('are broken between words, spaces at their ends hang, and paragraphs stay', () => {
    expect(broken('one two  three\nfour', 70)).toEqual(['one two', 'three', 'four']);
    expect(broken('one two', 69)).toEqual(['one', 'two']);
    expect(breakLines('aa bb\ncc', 20, measure).map(({ last }) => last)).toEqual([false, true, true]);
    expect(broken('ends so  ', 70)).toEqual(['ends so']);
  });

  it('are broken after hyphens, never at spaces that do not break nor before marks that close', () => {
    expect(broken('well-known', 60)).toEqual(['well-', 'known']);
    expect(broken('see 10\u00a0km off', 60)).toEqual(['see', '10\u00a0km', 'off']);
    expect(broken('he (she) "it", so', 60)).toEqual(['he', '(she)', '"it",', 'so']);
    // -5 is one word.
    expect(broken('to -5', 40)).toEqual(['to', '-5']);
  });

  it('are broken within a word that alone is too wide, between whole characters', () => {
    expect(broken('an incredible', 40)).toEqual(['an', 'incr', 'edib', 'le']);
    expect(breakLines('👩‍🎨👩‍🎨', 10, () => 1000).map((line) => line.text)).toEqual(['👩‍🎨', '👩‍🎨']);
  });

  it('are broken between characters of scripts without spaces, but for marks (kinsoku)', () => {
    expect(broken('春の海。終日', 40)).toEqual(['春の海。', '終日']);
    expect(broken('春の海。終日', 30)).toEqual(['春の', '海。終', '日']);
    expect(broken('彼は「春」と', 30)).toEqual(['彼は', '「春」', 'と']);
    expect(broken('สวัสดีครับ', 70).length).toBe(2);
  });

  it('stand where their box aligns them, whichever way they run', () => {
    expect(set({}).map(({ x, y }) => [x, y])).toEqual([
      [0, 21],
      [0, 51],
    ]);
    expect(set({ align: 'center' })[0]).toMatchObject({ x: 30, align: 'center' });
    expect(set({ align: 'right' })[0]).toMatchObject({ x: 60, align: 'right' });
    expect(set({ align: 'justify', text: 'שלום' })[0]).toMatchObject({ x: 60, align: 'right' });
  });

  it('are stretched to their box when justified, but for the last of a paragraph', () => {
    const [first, last] = set({ align: 'justify' });
    expect(first).toMatchObject({ text: 'aa bb', wordSpacing: 10, letterSpacing: 0 });
    expect(last).toMatchObject({ text: 'cc dd', wordSpacing: 0 });
    const [kana] = set({ align: 'justify', text: '春の海（終日）', box: { width: 45, height: 9 } });
    expect(kana).toMatchObject({ text: '春の海', letterSpacing: 7.5, wordSpacing: 0 });
  });
});

describe('lines of several styles', () => {
  const large = { length: 2, style: { size: 40, colour: '#ff0000' } };

  it('keep each letter’s style, and stand as far apart as their largest letters need', () => {
    const { lines, top, bottom } = setText({
      text: 'aa bb\ncc',
      box: null,
      runs: [{ length: 3, style: {} }, large],
    });
    expect(lines.map(({ parts }) => parts.map((part) => [part.text, part.style.size]))).toEqual([
      [
        ['aa ', 20],
        ['bb', 40],
      ],
      [['cc', 20]],
    ]);
    expect(lines[0]?.parts[1]?.style).toMatchObject({ colour: '#ff0000', font: 'Inter' });
    // The first baseline stays; large letters rise above. The next line is 1.5 × 20 down.
    expect(lines.map(({ y }) => y)).toEqual([21, 51]);
    expect([top, bottom]).toEqual([21 - 42, 60]);
    const below = setText({ text: 'aa\nbb', box: null, runs: [{ length: 3, style: {} }, large] });
    expect(below.lines.map(({ y }) => y)).toEqual([21, 81]);
    // In a box nothing rises above it.
    expect(setText({ text: 'aa bb', box: { width: 500, height: 90 }, runs: [large] }).lines[0]?.y).toBe(42);
  });

  it('are broken by how wide their letters are, and justified', () => {
    expect(set({ text: 'aa bb cc', box: { width: 80, height: 90 } }).map((line) => line.text)).toEqual([
      'aa bb cc',
    ]);
    const lines = set({ text: 'aa bb cc', box: { width: 80, height: 90 }, runs: [large], align: 'justify' });
    expect(lines.map((line) => line.text)).toEqual(['aa bb', 'cc']);
    expect(lines[0]?.wordSpacing).toBe(10);
  });

  it('are aligned paragraph by paragraph', () => {
    expect(
      set({ text: 'aa\nbb\ncc', aligns: ['right', 'center'] }).map(({ x, align }) => [x, align]),
    ).toEqual([
      [60, 'right'],
      [30, 'center'],
      [0, 'left'],
    ]);
  });
});

describe('a box of text', () => {
  it('is dragged by an edge or a corner, and the other side stays where it is', () => {
    const turned = { ...text, place: { a: 0, b: 1, c: -1, d: 0, e: 50, f: 60 } };
    for (const at of [text, turned]) {
      for (const [handle, opposite] of [
        [0, { x: 60, y: 100 }],
        [2, { x: 0, y: 0 }],
        [7, { x: 60, y: 0 }],
      ] as const) {
        const to = applyAffine(at.place, { x: -7, y: 120 });
        const { box, place } = resizeBox(at, handle, to);
        // The same point of the picture, in the new box's terms.
        const stays = {
          x: opposite.x === 0 ? 0 : box!.width,
          y: opposite.y === 0 ? 0 : box!.height,
        };
        const moved = applyAffine(place, stays);
        const before = applyAffine(at.place, opposite);
        expect(moved.x).toBeCloseTo(before.x);
        expect(moved.y).toBeCloseTo(before.y);
      }
    }
    expect(resizeBox(text, 2, { x: 300, y: 250 }).box).toEqual({ width: 100, height: 150 });
    expect(resizeBox(text, 4, { x: 999, y: 60 }).box).toEqual({ width: 60, height: 140 });
  });

  it('never gets too small for a letter', () => {
    expect(resizeBox(text, 2, { x: -500, y: -500 }).box).toEqual({ width: 10, height: 10 });
    expect(resizeBox(text, 0, { x: 900, y: 900 }).box).toEqual({ width: 10, height: 10 });
  });
});
