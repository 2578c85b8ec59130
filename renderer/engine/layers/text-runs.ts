import type { LayerText, LetterStyle, TextAlign, TextRun } from './layer-text.ts';

/** Letters that look alike: from one place in the text up to another, in UTF-16 units. */
export interface StyledRange {
  readonly from: number;
  readonly to: number;
  readonly style: LetterStyle;
}

/** A change of how letters look. */
export type StyleChange = Partial<LetterStyle>;

const PROPERTIES = [
  'font',
  'size',
  'weight',
  'italic',
  'leading',
  'spacing',
  'colour',
] as const satisfies (keyof LetterStyle)[];

/** The style of a text itself: that of letters without one of their own. */
export function ownStyle({ font, size, weight, italic, leading, spacing, colour }: LayerText): LetterStyle {
  return { font, size, weight, italic, leading, spacing, colour };
}

function alike(a: LetterStyle, b: LetterStyle): boolean {
  return PROPERTIES.every((key) => a[key] === b[key]);
}

function applied(style: LetterStyle, change: TextRun['style']): LetterStyle {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...style, ...given };
}

/** All letters of a text by how they look, one range at least, without gaps; an empty text has one empty range. */
export function styledRanges(text: LayerText): StyledRange[] {
  const own = ownStyle(text);
  const end = text.text.length;
  const ranges: StyledRange[] = [];
  let from = 0;
  for (const { length, style } of text.runs ?? []) {
    const to = Math.min(end, from + length);
    if (to > from) ranges.push({ from, to, style: applied(own, style) });
    from = to;
  }
  if (from < end || ranges.length === 0) ranges.push({ from, to: end, style: own });
  return ranges;
}

/** Styles within a part of a text, cut to it; of an empty part, that of the letter there or of the last one. */
export function rangesWithin(ranges: readonly StyledRange[], from: number, to: number): StyledRange[] {
  const inside = ranges.flatMap((range) => {
    const cut = { from: Math.max(from, range.from), to: Math.min(to, range.to), style: range.style };
    return cut.to > cut.from ? [cut] : [];
  });
  if (inside.length > 0) return inside;
  const at = ranges.find((range) => range.to > from) ?? ranges.at(-1);
  return at ? [{ from, to: from, style: at.style }] : [];
}

/** The runs that say of a text's letters what ranges say; null where all have the text's own style. */
function runsOf(ranges: readonly StyledRange[], own: LetterStyle): TextRun[] | null {
  const runs: TextRun[] = [];
  let last: LetterStyle | null = null;
  for (const { from, to, style } of ranges) {
    if (to === from) continue;
    const before = runs.at(-1);
    if (before && last && alike(last, style)) {
      runs[runs.length - 1] = { ...before, length: before.length + to - from };
      continue;
    }
    const differs = PROPERTIES.filter((key) => style[key] !== own[key]);
    runs.push({ length: to - from, style: Object.fromEntries(differs.map((key) => [key, style[key]])) });
    last = style;
  }
  while (runs.length > 0 && Object.keys(runs.at(-1)?.style ?? {}).length === 0) runs.pop();
  return runs.length > 0 ? runs : null;
}

/** A text of which a part looks otherwise; a part that is all of it changes the text's own style. */
export function withStyle(text: LayerText, from: number, to: number, change: StyleChange): LayerText {
  const whole = from <= 0 && to >= text.text.length;
  const own = whole ? applied(ownStyle(text), change) : ownStyle(text);
  const ranges = styledRanges(text).flatMap((range): StyledRange[] => {
    const a = Math.min(range.to, Math.max(range.from, from));
    const b = Math.max(range.from, Math.min(range.to, to));
    if (whole || (a === range.from && b === range.to))
      return [{ ...range, style: applied(range.style, change) }];
    if (b <= a) return [range];
    return [
      { ...range, to: a },
      { from: a, to: b, style: applied(range.style, change) },
      { ...range, from: b },
    ];
  });
  return { ...text, ...own, runs: runsOf(ranges, own) };
}

/** Where two texts differ: both begin with the same units and end with the same. */
function differenceOf(before: string, after: string): { from: number; to: number; added: number } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let rest = 0;
  while (rest < most - from && before[before.length - 1 - rest] === after[after.length - 1 - rest]) rest++;
  return { from, to: before.length - rest, added: after.length - rest - from };
}

/**
 * A text with other words. What is written in the place of letters looks as the first of them did, what is written between
 * letters as the one before; paragraphs keep where their lines stand.
 */
export function withWords(text: LayerText, words: string): LayerText {
  if (!text.runs && !text.aligns) return { ...text, text: words };
  const difference = differenceOf(text.text, words);
  const { from, to, added } = difference;
  const ranges = styledRanges(text);
  const at = to > from ? from : Math.max(0, from - 1);
  const [written] = rangesWithin(ranges, at, at);
  const next: StyledRange[] = [
    ...ranges.flatMap((range) => (range.from < from ? [{ ...range, to: Math.min(range.to, from) }] : [])),
    ...(written && added > 0 ? [{ from, to: from + added, style: written.style }] : []),
    ...ranges.flatMap((range) =>
      range.to > to
        ? [{ ...range, from: Math.max(range.from, to) + from + added - to, to: range.to + from + added - to }]
        : [],
    ),
  ];
  const own = ownStyle(text);
  return { ...text, text: words, runs: runsOf(next, own), aligns: movedAligns(text, words, difference) };
}

function count(text: string): number {
  return text.split('\n').length - 1;
}

function movedAligns(
  text: LayerText,
  words: string,
  { from, to, added }: { from: number; to: number; added: number },
): TextAlign[] | null {
  if (!text.aligns) return null;
  const all = alignsOf(text);
  const written = words.slice(from, from + added);
  const gone = count(text.text.slice(from, to));
  const begins = text.text[from - 1] === '\n';
  // Between two ends of lines it cannot be told which of them is new: the one that ends what was written before.
  const paragraph = count(
    text.text.slice(0, begins && to === from && written.endsWith('\n') ? from - 1 : from),
  );
  // Of whole paragraphs that go, nothing is left to what comes after.
  const first = (from === 0 || begins) && added === 0 ? paragraph : paragraph + 1;
  const grown = Array.from({ length: count(written) }, () => all[paragraph] ?? text.align);
  all.splice(first, gone, ...grown);
  return shortened(all, text.align);
}

/** Where the lines of each paragraph stand. */
export function alignsOf({ text, align, aligns }: LayerText): TextAlign[] {
  return text.split('\n').map((_, i) => aligns?.[i] ?? align);
}

function shortened(aligns: readonly TextAlign[], usual: TextAlign): TextAlign[] | null {
  const last = aligns.findLastIndex((align) => align !== usual);
  return last < 0 ? null : aligns.slice(0, last + 1);
}

/** A text of which the paragraphs that a part touches stand otherwise; a part that is all of it changes all. */
export function withAlign(text: LayerText, from: number, to: number, align: TextAlign): LayerText {
  if (from <= 0 && to >= text.text.length) return { ...text, align, aligns: null };
  const first = count(text.text.slice(0, from));
  const last = first + count(text.text.slice(from, to));
  const all = alignsOf(text).map((before, i) => (i >= first && i <= last ? align : before));
  return { ...text, aligns: shortened(all, text.align) };
}

/** A text whose letters look as ranges say, which follow one another from the first letter on. */
export function ofRanges(
  text: LayerText,
  ranges: readonly StyledRange[],
  aligns: readonly TextAlign[],
): LayerText {
  return { ...text, runs: runsOf(ranges, ownStyle(text)), aligns: shortened(aligns, text.align) };
}
