import { describe, expect, it } from 'vitest';
import type { LayerText } from '../../../../renderer/engine/layers/layer-text.ts';
import {
  cssFont,
  inkBox,
  type LineExtent,
  lineDirection,
  textFigure,
  textName,
} from '../../../../renderer/tools/text/text-layout.ts';

const text: LayerText = {
  text: 'two\nlines',
  font: 'serif',
  size: 20,
  weight: 400,
  italic: false,
  align: 'left',
  leading: 1.5,
  spacing: 0,
  colour: '#ff0000',
  place: { a: 1, b: 0, c: 0, d: 1, e: 200, f: 100 },
};

/** Lines of these widths that leave no ink, from where they are aligned. */
const lines = (align: LayerText['align'], ...advances: number[]): LineExtent[] =>
  advances.map((advance) => {
    const x = align === 'center' ? -advance / 2 : align === 'right' ? -advance : 0;
    return { x, y: 0, advance, left: 0, right: 0, ascent: 0, descent: 0 };
  });

const figure = (from: LayerText, ...advances: number[]): ReturnType<typeof textFigure> =>
  textFigure(lines(from.align, ...advances), { top: 0, bottom: advances.length * 30 }, from);

describe('text', () => {
  it('has its font as CSS, with families quoted and generic ones bare', () => {
    expect(cssFont(text)).toBe('400 20px serif');
    expect(cssFont({ ...text, font: 'A"b', weight: 700, italic: true })).toBe(
      'italic 700 20px "Ab", sans-serif',
    );
  });

  it('runs each line the way of its first letter', () => {
    expect(['Hello', '  “שלום” world', 'مرحبا', '漢字', '12 שלום', '!?', ''].map(lineDirection)).toEqual([
      'ltr',
      'rtl',
      'rtl',
      'ltr',
      'ltr',
      'ltr',
      'ltr',
    ]);
  });

  it('stands in a figure as wide as its widest line, from where it is aligned, wherever it is placed', () => {
    expect(figure(text, 100, 60)[0]).toEqual({ x: 200, y: 100 });
    expect(figure(text, 100, 60)[2]).toEqual({ x: 300, y: 160 });
    expect(figure({ ...text, align: 'center' }, 100)[0]).toMatchObject({ x: 150 });
    expect(figure({ ...text, align: 'right' }, 100)[0]).toMatchObject({ x: 100 });
    const turned = figure({ ...text, place: { a: 0, b: 1, c: -1, d: 0, e: 50, f: 60 } }, 100);
    expect(turned[1]).toEqual({ x: 50, y: 160 });
    expect(turned[3]).toEqual({ x: 20, y: 60 });
  });

  it('covers the ink of all lines, beyond their advance too, and nothing where there is none', () => {
    const line = { x: 0, y: 20, advance: 100, left: 5, right: 110, ascent: 16, descent: 6 };
    const box = inkBox([line, { ...line, y: 50, right: 60 }]);
    expect(box).toEqual({ x: -6, y: 3, width: 117, height: 30 + 22 + 2 });
    expect(inkBox([]).width).toBe(0);
    expect(inkBox(lines('left', 0)).width).toBe(0);
  });

  it('fills a box, which lines that need more go beyond', () => {
    const box = { width: 300, height: 50 };
    expect(figure({ ...text, box }, 100)[2]).toEqual({ x: 500, y: 150 });
    expect(figure({ ...text, box }, 100, 100)[2]).toEqual({ x: 500, y: 160 });
  });

  it('names its layer by its first words', () => {
    expect(textName('  Hello\n world ')).toBe('Hello world');
    expect(textName('one two three four five six seven eight')).toBe('one two three four five six…');
  });
});
