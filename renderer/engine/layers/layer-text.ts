import { compose, type Affine } from '../transform/affine.ts';

/** How letters look. */
export interface LetterStyle {
  /** Name of the font's family, as the system has it. */
  readonly font: string;
  /** Height of a line's letters, in pixels of the text's own plane. */
  readonly size: number;
  readonly weight: 400 | 700;
  readonly italic: boolean;
  /** Distance of a line from the one above as a multiple of the size; in a line of several styles the largest distance counts. */
  readonly leading: number;
  /** What is added between letters, as a multiple of the size. */
  readonly spacing: number;
  /** `#rrggbb`, encoded as the document's colours are. */
  readonly colour: string;
}

/** Where lines stand. Those of justified text are as wide as their box, but for the last of a paragraph. */
export type TextAlign = 'left' | 'center' | 'right' | 'justify';

/** Letters that follow one another and look alike. */
export interface TextRun {
  /** UTF-16 units of the text. */
  readonly length: number;
  /** What differs from the text's own style. */
  readonly style: { readonly [Key in keyof LetterStyle]?: LetterStyle[Key] | undefined };
}

/** What a layer's pixels were drawn from, so that it can be written again; the style is that of all letters without one of their own. Plain data. */
export interface LayerText extends LetterStyle {
  /** The words, lines parted by `\n`. */
  readonly text: string;
  /** Styles of letters from the first on; those after the last run have the text's own. Absent where all look alike. */
  readonly runs?: readonly TextRun[] | null | undefined;
  readonly align: TextAlign;
  /** Of paragraphs from the first on, where they differ; those after the last have `align`. */
  readonly aligns?: readonly TextAlign[] | null | undefined;
  /**
   * What its lines are broken to, in pixels of its own plane; absent where only `\n` ends a line. Text that needs more than
   * the height goes on below it.
   */
  readonly box?: TextBox | null | undefined;
  /**
   * From the text's own plane to document pixels. Its origin is the top of the first line, where it is aligned; of text in
   * a box, the box's left top corner.
   */
  readonly place: Affine;
}

/** Size of a box of text. */
export interface TextBox {
  readonly width: number;
  readonly height: number;
}

/** Baseline of the first line, in pixels below the top: glyphs stand in the middle of a line's height. */
export function firstBaseline({ size, leading }: Pick<LetterStyle, 'size' | 'leading'>): number {
  return (0.5 * leading + 0.3) * size;
}

/** The properties after which a layer is pixels only; nothing for one that is so already. */
export function withoutText({ text }: { readonly text?: LayerText | null | undefined }): { text?: null } {
  return text ? { text: null } : {};
}

/** Text whose plane was moved, turned or scaled along with its layer. */
export function mappedText(text: LayerText, map: Affine): LayerText {
  return { ...text, place: compose(map, text.place) };
}
