import type { LayerTextData, ParagraphStyle, TextStyle } from 'ag-psd';
import { firstBaseline, type LayerText, type LetterStyle, type TextAlign } from '../../layers/layer-text.ts';
import { alignsOf, ofRanges, ownStyle, type StyledRange, styledRanges } from '../../layers/text-runs.ts';
import { compose, type Affine, translation } from '../../transform/affine.ts';
import { fromPsdColour, toPsdColour } from './colours.ts';
import { fromPsdFont, toPsdFace } from './font-names.ts';

/** Where Photoshop's first line stands in a box: so far below its top, as a multiple of the size. Fonts differ by some 10%. */
const BOX_ASCENT = 0.9;
/** What Photoshop takes for a style that says nothing. */
const USUAL_SIZE = 12;
const USUAL_LEADING = 1.2;
const LONGEST = 20_000;
/** Ends a line and not the paragraph. */
const LINE_END = String.fromCharCode(3);

const ALIGNMENTS: Readonly<Record<string, LayerText['align']>> = {
  left: 'left',
  center: 'center',
  right: 'right',
  'justify-left': 'justify',
};

/** Text as it can be edited here, or what it has that cannot. */
export type ReadText = { readonly text: LayerText } | { readonly beyond: string };

/** Reads a PSD's text; of anything that would look otherwise once it is edited, what that is. */
export function fromPsdText(data: LayerTextData): ReadText {
  const beyond = beyondUs(data);
  if (beyond !== null) return { beyond };
  const words = data.text.replaceAll(LINE_END, '\n').replaceAll(/\r\n?/g, '\n');
  const box = boxOf(data);
  const paragraphs = paragraphsOf(data);
  const runs = runsOf(data, paragraphs);
  const own = usualStyle(runs) ?? letterStyle(data.style ?? {}, data.paragraphStyle ?? {});
  const aligns = within(paragraphs, startsOf(words)).map((style) => alignOf(style ?? {}, box));
  const align = aligns[0] ?? 'left';
  const first = runs[0]?.style ?? own;
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = data.transform ?? [];
  const [left = 0, top = 0] = box ? (data.boxBounds ?? []) : (data.pointBase ?? []);
  // Our origin is the top that the text's own style has; in a box, where the first line's own letters begin.
  const rise = box ? BOX_ASCENT * first.size - firstBaseline(first) : -firstBaseline(own);
  const place = compose({ a, b, c, d, e, f }, translation(left, top + rise));
  const text = { ...own, text: words, align, ...(box && { box }), place };
  const { runs: kept, aligns: differing } = ofRanges(text, runs, aligns);
  return { text: { ...text, ...(kept && { runs: kept }), ...(differing && { aligns: differing }) } };
}

interface PsdRange<Style> {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
}

/** Styles of parts of a text, each with what all have in common. */
function rangesOf<Style extends object>(
  length: number,
  common: Style,
  runs: readonly { readonly length: number; readonly style: Style }[],
): PsdRange<Style>[] {
  const ranges: PsdRange<Style>[] = [];
  let from = 0;
  for (const run of runs) {
    // A file from outside may say anything.
    const to = Math.min(length, from + Math.max(0, Math.trunc(run.length) || 0));
    if (to > from) ranges.push({ from, to, style: { ...common, ...run.style } });
    from = to;
  }
  if (from < length || ranges.length === 0) ranges.push({ from, to: length, style: common });
  return ranges;
}

/** The range at each of some places, which rise. */
function within<Style>(ranges: readonly PsdRange<Style>[], places: readonly number[]): (Style | undefined)[] {
  let i = 0;
  return places.map((at) => {
    while (i < ranges.length - 1 && (ranges[i]?.to ?? 0) <= at) i++;
    return ranges[i]?.style;
  });
}

function paragraphsOf({
  text,
  paragraphStyle = {},
  paragraphStyleRuns = [],
}: LayerTextData): PsdRange<ParagraphStyle>[] {
  return rangesOf(text.length, paragraphStyle, paragraphStyleRuns);
}

/** Letters by how they look; how far lines are apart may be a paragraph's. */
function runsOf(
  { text, style = {}, styleRuns = [] }: LayerTextData,
  paragraphs: readonly PsdRange<ParagraphStyle>[],
): StyledRange[] {
  const letters = rangesOf(text.length, style, styleRuns);
  const runs: StyledRange[] = [];
  // Both go from the first letter to the last, so each is looked at once.
  for (let i = 0, k = 0, from = 0; i < letters.length && k < paragraphs.length;) {
    const [run, paragraph] = [letters[i], paragraphs[k]];
    if (!run || !paragraph) break;
    const to = Math.min(run.to, paragraph.to);
    if (to > from) runs.push({ from, to, style: letterStyle(run.style, paragraph.style) });
    from = Math.max(from, to);
    if (run.to <= from) i++;
    if (paragraph.to <= from) k++;
  }
  return runs;
}

/** The style that most letters have; undefined where there is no letter. */
function usualStyle(runs: readonly StyledRange[]): LetterStyle | undefined {
  const counts = new Map<string, { style: LetterStyle; letters: number }>();
  for (const { from, to, style } of runs) {
    const key = JSON.stringify(style);
    counts.set(key, { style, letters: (counts.get(key)?.letters ?? 0) + to - from });
  }
  return [...counts.values()].toSorted((one, other) => other.letters - one.letters)[0]?.style;
}

function letterStyle(style: TextStyle, paragraph: ParagraphStyle): LetterStyle {
  const face = fromPsdFont(style.font?.name ?? '');
  const size = style.fontSize ?? USUAL_SIZE;
  const leading =
    (style.autoLeading ?? true)
      ? (paragraph.autoLeading ?? USUAL_LEADING)
      : (style.leading ?? 0) / size || USUAL_LEADING;
  const [red, green, blue] = fromPsdColour(style.fillColor).map((value) => Math.round(value * 255));
  const code = ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
  return {
    font: face.font === '' ? 'sans-serif' : face.font,
    size,
    weight: style.fauxBold === true ? 700 : face.weight,
    italic: face.italic || style.fauxItalic === true,
    leading: Math.min(10, Math.max(0.1, leading)),
    spacing: Math.min(10, Math.max(-1, (style.tracking ?? 0) / 1000 || 0)),
    colour: `#${code.toString(16).padStart(6, '0')}`,
  };
}

function alignOf({ justification = 'left' }: ParagraphStyle, box: LayerText['box']): TextAlign {
  const align = ALIGNMENTS[justification] ?? 'left';
  return align === 'justify' && !box ? 'left' : align;
}

/** Where each paragraph begins. */
function startsOf(words: string): number[] {
  let at = 0;
  return words.split('\n').map(({ length }) => {
    const start = at;
    at += length + 1;
    return start;
  });
}

function boxOf({ shapeType, boxBounds }: LayerTextData): LayerText['box'] {
  if (shapeType !== 'box' || !boxBounds) return null;
  const [left = 0, top = 0, right = 0, bottom = 0] = boxBounds;
  return { width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** The first thing of a text that cannot be set here, in Photoshop's words; null when all of it can. */
function beyondUs(data: LayerTextData): string | null {
  const numbers = [...(data.transform ?? []), ...(data.boxBounds ?? []), ...(data.pointBase ?? [])];
  const [a = 1, b = 0, c = 0, d = 1] = data.transform ?? [];
  const paragraphs = paragraphsOf(data).map(({ style }) => style);
  const styles = rangesOf(data.text.length, data.style ?? {}, data.styleRuns ?? []).map(({ style }) => style);
  const some = (test: (style: TextStyle) => boolean): boolean => styles.some(test);
  const tests: readonly (readonly [string, boolean])[] = [
    ['Vertical Type', data.orientation === 'vertical'],
    ['Warped Text', (data.warp?.style ?? 'none') !== 'none'],
    ['Type on a Path', data.textPath !== undefined],
    ['Paragraph Indents', paragraphs.some(hasIndents)],
    [
      'Justification',
      paragraphs.some(({ justification = 'left' }) => !Object.hasOwn(ALIGNMENTS, justification)),
    ],
    [
      'Scaled Letters',
      some((style) => (style.horizontalScale ?? 1) !== 1 || (style.verticalScale ?? 1) !== 1),
    ],
    ['Baseline Shift', some((style) => (style.baselineShift ?? 0) !== 0 || (style.fontBaseline ?? 0) !== 0)],
    ['Caps', some((style) => (style.fontCaps ?? 0) !== 0)],
    ['Underline or Strikethrough', some((style) => style.underline === true || style.strikethrough === true)],
    ['Stroked Text', some((style) => style.strokeFlag === true || style.fillFlag === false)],
    [
      'Text out of Bounds',
      data.text.length > LONGEST || some((style) => !fits(style.fontSize ?? USUAL_SIZE)),
    ],
    ['Text out of Bounds', !numbers.every(Number.isFinite) || Math.abs(a * d - b * c) < 1e-9],
  ];
  return tests.find(([, found]) => found)?.[0] ?? null;
}

function fits(size: number): boolean {
  return size >= 1 && size <= 10_000;
}

function hasIndents(style: ParagraphStyle): boolean {
  const { firstLineIndent, startIndent, endIndent, spaceBefore, spaceAfter } = style;
  return [firstLineIndent, startIndent, endIndent, spaceBefore, spaceAfter].some((by) => (by ?? 0) !== 0);
}

function transformOf({ a, b, c, d, e, f }: Affine): number[] {
  return [a, b, c, d, e, f];
}

function toPsdStyle(style: LetterStyle): TextStyle {
  const face = toPsdFace(style);
  const code = Number.parseInt(style.colour.slice(1), 16);
  return {
    font: { name: face.name },
    fontSize: style.size,
    fauxBold: face.fauxBold,
    fauxItalic: face.fauxItalic,
    autoLeading: false,
    leading: style.leading * style.size,
    tracking: Math.round(style.spacing * 1000),
    fillColor: toPsdColour([(code >> 16) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255]),
  };
}

function toPsdParagraph(align: TextAlign): ParagraphStyle {
  return { justification: align === 'justify' ? 'justify-left' : align, autoHyphenate: false };
}

/** A run for each paragraph, its end counted. */
function paragraphRuns(text: LayerText): NonNullable<LayerTextData['paragraphStyleRuns']> {
  const aligns = alignsOf(text);
  return text.text.split('\n').map(({ length }, i) => ({
    length: length + 1,
    style: toPsdParagraph(aligns[i] ?? text.align),
  }));
}

/** Text as Photoshop's type layers have it; the layer's pixels go beside it, so nobody has to draw it to show it. */
export function toPsdText(text: LayerText): LayerTextData {
  const { box, align, place } = text;
  const ranges = styledRanges(text);
  const letters = box ? (ranges[0]?.style ?? text) : text;
  const first = firstBaseline(letters);
  const top = first - BOX_ASCENT * letters.size;
  return {
    text: text.text,
    // With a box its top, otherwise the first line's own baseline is the origin.
    transform: transformOf(box ? place : compose(place, translation(0, first))),
    left: 0,
    top: 0,
    right: 0,
    bottom: 0,
    antiAlias: 'smooth',
    orientation: 'horizontal',
    useFractionalGlyphWidths: true,
    warp: { style: 'none' },
    ...(box
      ? { shapeType: 'box', boxBounds: [0, top, box.width, top + box.height] }
      : { shapeType: 'point', pointBase: [0, 0] }),
    style: toPsdStyle(ownStyle(text)),
    paragraphStyle: toPsdParagraph(align),
    ...(text.runs && {
      styleRuns: ranges.map(({ from, to, style }) => ({ length: to - from, style: toPsdStyle(style) })),
    }),
    ...(text.aligns && { paragraphStyleRuns: paragraphRuns(text) }),
  };
}
