import { describe, expect, it } from 'vitest';
import { baseline, cssFont, textBounds, textName } from '../../../../renderer/tools/text/text-layout.ts';

const settings = {
  font: 'serif',
  size: 20,
  weight: 400,
  italic: false,
  align: 'left',
  leading: 1.5,
} as const;
const canvas = { x: 0, y: 0, width: 400, height: 300 };

describe('text', () => {
  it('has its font as CSS, with families quoted and generic ones bare', () => {
    expect(cssFont(settings)).toBe('400 20px serif');
    expect(cssFont({ ...settings, font: 'A"b', weight: 700, italic: true })).toBe(
      'italic 700 20px "Ab", sans-serif',
    );
  });

  it('sets lines one line height apart', () => {
    expect(baseline(1, settings) - baseline(0, settings)).toBe(30);
  });

  it('covers its lines and a size around them, from where it is aligned, within the canvas', () => {
    const at = { x: 200, y: 100 };
    expect(textBounds(at, [100, 60], settings, canvas)).toEqual({ x: 180, y: 80, width: 140, height: 100 });
    expect(textBounds(at, [100], { ...settings, align: 'center' }, canvas)).toMatchObject({ x: 130 });
    expect(textBounds(at, [100], { ...settings, align: 'right' }, canvas)).toMatchObject({ x: 80 });
    expect(textBounds({ x: 900, y: 0 }, [100], settings, canvas).width).toBe(0);
  });

  it('names its layer by its first words', () => {
    expect(textName('  Hello\n world ')).toBe('Hello world');
    expect(textName('one two three four five six seven eight')).toBe('one two three four five six…');
  });
});
