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
  return SelectionMask.ofTiles(canvas, (part) => {
    const value = mask.uniformIn(part);
    return value === undefined ? mask.read(part).map((each) => 255 - each) : 255 - value;
  });
}

function merge(
  rect: Rect,
  first: SelectionMask,
  second: SelectionMask,
  rule: (a: number, b: number) => number,
): SelectionMask {
  return SelectionMask.ofTiles(rect, (part) => {
    const [a, b] = [first.uniformIn(part), second.uniformIn(part)];
    if (a !== undefined && b !== undefined) return rule(a, b);
    const out = first.read(part);
    const other = second.read(part);
    for (let i = 0; i < out.length; i++) out[i] = rule(out[i] as number, other[i] as number);
    return out;
  });
}
