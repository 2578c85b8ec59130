import type { LayerTextData, ParagraphStyle, TextStyle } from 'ag-psd';
import { firstBaseline, type LayerText } from '../../layers/layer-text.ts';
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

/** Properties of letters that can be seen: text in which one of them changes is in several styles. */
const SEEN: readonly (keyof TextStyle)[] = [
  'font',
  'fontSize',
  'fauxBold',
  'fauxItalic',
  'autoLeading',
  'leading',
  'tracking',
  'fillColor',
  'horizontalScale',
  'verticalScale',
  'baselineShift',
  'fontCaps',
  'fontBaseline',
  'underline',
  'strikethrough',
  'fillFlag',
  'strokeFlag',
];
const SEEN_OF_PARAGRAPHS: readonly (keyof ParagraphStyle)[] = [
  'justification',
  'firstLineIndent',
  'startIndent',
  'endIndent',
  'spaceBefore',
  'spaceAfter',
  'autoLeading',
];

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
  const { style = {}, paragraphStyle = {} } = data;
  const face = fromPsdFont(style.font?.name ?? '');
  const size = style.fontSize ?? USUAL_SIZE;
  const leading =
    (style.autoLeading ?? true)
      ? (paragraphStyle.autoLeading ?? USUAL_LEADING)
      : (style.leading ?? 0) / size || USUAL_LEADING;
  const box = boxOf(data);
  const align = ALIGNMENTS[paragraphStyle.justification ?? 'left'] ?? 'left';
  const [red, green, blue] = fromPsdColour(style.fillColor).map((value) => Math.round(value * 255));
  const code = ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
  const set = {
    font: face.font === '' ? 'sans-serif' : face.font,
    size,
    weight: style.fauxBold === true ? 700 : face.weight,
    italic: face.italic || style.fauxItalic === true,
    align: align === 'justify' && !box ? 'left' : align,
    leading: Math.min(10, Math.max(0.1, leading)),
    spacing: Math.min(10, Math.max(-1, (style.tracking ?? 0) / 1000)),
    colour: `#${code.toString(16).padStart(6, '0')}`,
  } as const;
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = data.transform ?? [];
  const [left = 0, top = 0] = box ? (data.boxBounds ?? []) : (data.pointBase ?? []);
  const first = box ? BOX_ASCENT * size : 0;
  const place = compose({ a, b, c, d, e, f }, translation(left, top + first - firstBaseline(set)));
  return {
    text: {
      ...set,
      text: data.text.replaceAll(LINE_END, '\n').replaceAll(/\r\n?/g, '\n'),
      ...(box && { box }),
      place,
    },
  };
}

function boxOf({ shapeType, boxBounds }: LayerTextData): LayerText['box'] {
  if (shapeType !== 'box' || !boxBounds) return null;
  const [left = 0, top = 0, right = 0, bottom = 0] = boxBounds;
  return { width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** The first thing of a text that cannot be set here, in Photoshop's words; null when all of it can. */
function beyondUs(data: LayerTextData): string | null {
  const { style = {}, paragraphStyle = {}, styleRuns = [], paragraphStyleRuns = [] } = data;
  const numbers = [...(data.transform ?? []), ...(data.boxBounds ?? []), ...(data.pointBase ?? [])];
  const [a = 1, b = 0, c = 0, d = 1] = data.transform ?? [];
  const size = style.fontSize ?? USUAL_SIZE;
  const tests: readonly (readonly [string, boolean])[] = [
    ['Vertical Type', data.orientation === 'vertical'],
    ['Warped Text', (data.warp?.style ?? 'none') !== 'none'],
    ['Type on a Path', data.textPath !== undefined],
    ['Text in Several Styles', styleRuns.some((run) => SEEN.some((key) => run.style[key] !== undefined))],
    [
      'Text in Several Paragraph Styles',
      paragraphStyleRuns.some((run) => SEEN_OF_PARAGRAPHS.some((key) => run.style[key] !== undefined)),
    ],
    ['Paragraph Indents', hasIndents(paragraphStyle)],
    ['Justification', !Object.hasOwn(ALIGNMENTS, paragraphStyle.justification ?? 'left')],
    ['Scaled Letters', (style.horizontalScale ?? 1) !== 1 || (style.verticalScale ?? 1) !== 1],
    ['Baseline Shift', (style.baselineShift ?? 0) !== 0 || (style.fontBaseline ?? 0) !== 0],
    ['Caps', (style.fontCaps ?? 0) !== 0],
    ['Underline or Strikethrough', style.underline === true || style.strikethrough === true],
    ['Stroked Text', style.strokeFlag === true || style.fillFlag === false],
    ['Text out of Bounds', data.text.length > LONGEST || !(size >= 1 && size <= 10_000)],
    ['Text out of Bounds', !numbers.every(Number.isFinite) || Math.abs(a * d - b * c) < 1e-9],
  ];
  return tests.find(([, found]) => found)?.[0] ?? null;
}

function hasIndents(style: ParagraphStyle): boolean {
  const { firstLineIndent, startIndent, endIndent, spaceBefore, spaceAfter } = style;
  return [firstLineIndent, startIndent, endIndent, spaceBefore, spaceAfter].some((by) => (by ?? 0) !== 0);
}

function transformOf({ a, b, c, d, e, f }: Affine): number[] {
  return [a, b, c, d, e, f];
}

/** Text as Photoshop's type layers have it; the layer's pixels go beside it, so nobody has to draw it to show it. */
export function toPsdText(text: LayerText): LayerTextData {
  const { box, size, leading, align, place } = text;
  const face = toPsdFace(text);
  const red = Number.parseInt(text.colour.slice(1), 16);
  const first = firstBaseline(text);
  const top = first - BOX_ASCENT * size;
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
    style: {
      font: { name: face.name },
      fontSize: size,
      fauxBold: face.fauxBold,
      fauxItalic: face.fauxItalic,
      autoLeading: false,
      leading: leading * size,
      tracking: Math.round(text.spacing * 1000),
      fillColor: toPsdColour([(red >> 16) / 255, ((red >> 8) & 255) / 255, (red & 255) / 255]),
    },
    paragraphStyle: {
      justification: align === 'justify' ? 'justify-left' : align,
      autoHyphenate: false,
    },
  };
}
