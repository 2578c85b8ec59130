import { firstBaseline, type LayerText } from '../../engine/layers/layer-text.ts';
import { breakLines, stretches } from './break-lines.ts';
import { lineDirection } from './text-layout.ts';

/** A line in its place, as a 2D canvas draws it. */
export interface SetLine {
  readonly text: string;
  /** Where it is aligned and stands, in the text's own plane. */
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'center' | 'right';
  readonly direction: 'ltr' | 'rtl';
  /** What is added to each space, in pixels. */
  readonly wordSpacing: number;
  /** What is added between letters, in pixels. */
  readonly letterSpacing: number;
}

/** Sets text in lines. @param measure a line's width with the text's own letter spacing. */
export function setLines(text: LayerText, measure: (line: string) => number): SetLine[] {
  const { box, align } = text;
  const letterSpacing = text.spacing * text.size;
  return breakLines(text.text, box?.width ?? null, measure).map((line, i) => {
    const direction = lineDirection(line.text);
    const side = align === 'justify' ? (direction === 'rtl' ? 'right' : 'left') : align;
    const within = box?.width ?? 0;
    const set: SetLine = {
      text: line.text,
      x: side === 'left' ? 0 : side === 'center' ? within / 2 : within,
      y: firstBaseline(text) + i * text.size * text.leading,
      align: side,
      direction,
      wordSpacing: 0,
      letterSpacing,
    };
    if (!box || align !== 'justify' || line.last) return set;
    const { kind, count } = stretches(line.text);
    const more = (within - measure(line.text)) / count;
    if (count < 1 || more <= 0) return set;
    return kind === 'words' ? { ...set, wordSpacing: more } : { ...set, letterSpacing: letterSpacing + more };
  });
}
