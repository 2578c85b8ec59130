import { type Affine, applyAffine } from '../transform/affine.ts';

/** A colour as channels 0..1, encoded in the document's colour space. */
export type FillColour = readonly [red: number, green: number, blue: number];

/** A point of a gradient: colour and opacity (0..1) at a place (0..1). */
export interface GradientStop {
  readonly at: number;
  readonly colour: FillColour;
  readonly opacity: number;
}

/** How a gradient lies between its two points, as the field's gradient tools name it. */
export const GRADIENT_SHAPES = ['linear', 'radial', 'angle', 'reflected', 'diamond'] as const;

/** The name of a gradient's shape. */
export type GradientShape = (typeof GRADIENT_SHAPES)[number];

/** A point in document pixels. */
export interface FillPoint {
  readonly x: number;
  readonly y: number;
}

/** What a fill layer covers the whole canvas, and all beyond it, with. */
export type Fill =
  | { readonly type: 'solid'; readonly colour: FillColour }
  | {
      readonly type: 'gradient';
      readonly shape: GradientShape;
      /** Ascending places, at least one; before the first and after the last their colours stand. */
      readonly stops: readonly GradientStop[];
      /** Place 0 (radial, angle and diamond: the centre) and place 1. */
      readonly from: FillPoint;
      readonly to: FillPoint;
    };

/** A fill whose plane was moved, turned or scaled: a gradient's two points go along; one colour is the same everywhere. */
export function mappedFill(fill: Fill, map: Affine): Fill {
  if (fill.type === 'solid') return fill;
  return { ...fill, from: applyAffine(map, fill.from), to: applyAffine(map, fill.to) };
}
