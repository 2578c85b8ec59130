import { firstBaseline, type LayerText, type LetterStyle } from '../../engine/layers/layer-text.ts';
import { alignsOf, rangesWithin, styledRanges, type StyledRange } from '../../engine/layers/text-runs.ts';
import { breakLines, stretches } from './break-lines.ts';
import { lineDirection, type LinesHeight } from './text-layout.ts';

/** Letters of one line that look alike, in the order in which they are read. */
export interface SetPart {
  readonly text: string;
  readonly style: LetterStyle;
}

/** A line in its place. */
export interface SetLine {
  readonly text: string;
  /** One at least. */
  readonly parts: readonly SetPart[];
  /** Where it is aligned and stands, in the text's own plane. */
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'center' | 'right';
  readonly direction: 'ltr' | 'rtl';
  /** What is added to each space, in pixels. */
  readonly wordSpacing: number;
  /** What is added between letters beyond their style's spacing, in pixels. */
  readonly letterSpacing: number;
}

/** Text in lines. */
export interface SetText extends LinesHeight {
  readonly lines: readonly SetLine[];
}

/** How far down a line is from the one before. */
function distance(parts: readonly SetPart[]): number {
  return Math.max(...parts.map(({ style: { size, leading } }) => size * leading));
}

function partsOf(ranges: readonly StyledRange[], line: string, from: number): SetPart[] {
  return rangesWithin(ranges, from, from + line.length).map((range) => ({
    text: line.slice(range.from - from, range.to - from),
    style: range.style,
  }));
}

/**
 * Sets text in lines. The first line of text in a box is as far below its top as its largest letters need; without a box its
 * baseline stays where the text's own style has it, and larger letters rise above.
 * @param measure the width of letters that look alike, with their own spacing.
 */
export function setLines(text: LayerText, measure: (part: SetPart) => number): SetText {
  const { box } = text;
  const ranges = styledRanges(text);
  const aligns = alignsOf(text);
  const widthOf = (line: string, from: number): number =>
    partsOf(ranges, line, from).reduce((sum, part) => sum + measure(part), 0);
  let paragraph = 0;
  let top = 0;
  let bottom = 0;
  let baseline = 0;
  const broken = breakLines(text.text, box?.width ?? null, widthOf);
  const lines = broken.map((line, i): SetLine => {
    const parts = partsOf(ranges, line.text, line.from);
    const rise = Math.max(...parts.map(({ style }) => firstBaseline(style)));
    baseline = i > 0 ? baseline + distance(parts) : box ? rise : firstBaseline(text);
    if (i === 0) top = Math.min(0, baseline - rise);
    bottom =
      baseline + Math.max(...parts.map(({ style }) => style.size * style.leading - firstBaseline(style)));
    const align = aligns[paragraph] ?? text.align;
    if (line.last) paragraph += 1;
    const direction = lineDirection(line.text);
    const side = align === 'justify' ? (direction === 'rtl' ? 'right' : 'left') : align;
    const within = box?.width ?? 0;
    const set: SetLine = {
      text: line.text,
      parts,
      x: side === 'left' ? 0 : side === 'center' ? within / 2 : within,
      y: baseline,
      align: side,
      direction,
      wordSpacing: 0,
      letterSpacing: 0,
    };
    if (!box || align !== 'justify' || line.last) return set;
    const { kind, count } = stretches(line.text);
    const more = (within - widthOf(line.text, line.from)) / count;
    if (count < 1 || more <= 0) return set;
    return kind === 'words' ? { ...set, wordSpacing: more } : { ...set, letterSpacing: more };
  });
  return { lines, top, bottom };
}
