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
  readonly align: 'left' | 'center' | 'right';
  /** Distance of lines as a multiple of the size. */
  readonly leading: number;
  /** What is added between letters, as a multiple of the size. */
  readonly spacing: number;
  /** `#rrggbb`, encoded as the document's colours are. */
  readonly colour: string;
  /** From the text's own plane to document pixels; its origin is the top of the first line, where it is aligned. */
  readonly place: Affine;
}

/** The properties after which a layer is pixels only; nothing for one that is so already. */
export function withoutText({ text }: { readonly text?: LayerText | null | undefined }): { text?: null } {
  return text ? { text: null } : {};
}

/** Text whose plane was moved, turned or scaled along with its layer. */
export function mappedText(text: LayerText, map: Affine): LayerText {
  return { ...text, place: compose(map, text.place) };
}
