import { compose, type Affine } from '../transform/affine.ts';

/** What a layer's pixels were drawn from, so that it can be written again. Plain data. */
export interface LayerText {
  /** The words, lines parted by `\n`. */
  readonly text: string;
  /** Name of the font's family, as the system has it. */
  readonly font: string;
  /** Height of a line's letters, in pixels of the text's own plane. */
  readonly size: number;
  readonly weight: 400 | 700;
  readonly italic: boolean;
  /** Lines of justified text are as wide as their box, but for the last of a paragraph. */
  readonly align: 'left' | 'center' | 'right' | 'justify';
  /** Distance of lines as a multiple of the size. */
  readonly leading: number;
  /** What is added between letters, as a multiple of the size. */
  readonly spacing: number;
  /** `#rrggbb`, encoded as the document's colours are. */
  readonly colour: string;
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
export function firstBaseline({ size, leading }: Pick<LayerText, 'size' | 'leading'>): number {
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
