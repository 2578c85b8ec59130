import { intersectRect, unionRect, type Rect } from '../geometry/rect.ts';
import { SelectionMask } from './selection-mask.ts';

/** How a new selection joins the one there is. */
export type SelectionMode = 'replace' | 'add' | 'subtract' | 'intersect';

/** Joins two selections: the larger value, what is left of the first, or the smaller value. */
export function combineSelections(
  first: SelectionMask,
  second: SelectionMask,
  mode: SelectionMode,
): SelectionMask {
  switch (mode) {
    case 'replace':
      return second;
    case 'add':
      return merge(unionRect(first.rect, second.rect), first, second, (a, b) => (a > b ? a : b));
    case 'subtract':
      return merge(first.rect, first, second, (a, b) => (a < 255 - b ? a : 255 - b));
    case 'intersect':
      return merge(intersectRect(first.rect, second.rect), first, second, (a, b) => (a < b ? a : b));
  }
}

/** Selects what was not, within the canvas. */
export function invertSelection(mask: SelectionMask, canvas: Rect): SelectionMask {
  return new SelectionMask(
    canvas,
    mask.read(canvas).map((value) => 255 - value),
  );
}

function merge(
  rect: Rect,
  first: SelectionMask,
  second: SelectionMask,
  rule: (a: number, b: number) => number,
): SelectionMask {
  const out = first.read(rect);
  const other = second.read(rect);
  for (let i = 0; i < out.length; i++) out[i] = rule(out[i] as number, other[i] as number);
  return new SelectionMask(rect, out);
}
