import type { Rect } from '../geometry/rect.ts';
import { combineSelections } from './combine.ts';
import { featherSelection, growSelection } from './reshape.ts';
import type { SelectionMask } from './selection-mask.ts';

/** How much steeper than the blurred edge a smoothed edge is: about two pixels wide, whatever the radius. */
function steepened(value: number, radius: number): number {
  return Math.min(255, Math.max(0, 127.5 + (value - 127.5) * radius));
}

/**
 * Rounds corners and takes away specks and holes smaller than the radius: the selection is blurred, and its new edge lies
 * where half is selected.
 * @param radius in pixels; 0 changes nothing.
 */
export function smoothSelection(mask: SelectionMask, radius: number, canvas: Rect): SelectionMask {
  if (!(radius > 0)) return mask;
  const soft = featherSelection(mask, radius, canvas);
  return soft.mapped((value) => steepened(value, Math.max(1, radius)));
}

/** A band along the edge, half of its width to either side of it. @param width in pixels, above 0. */
export function borderSelection(mask: SelectionMask, width: number, canvas: Rect): SelectionMask {
  const outer = growSelection(mask, Math.ceil(width / 2), canvas);
  const inner = growSelection(mask, -Math.max(1, Math.floor(width / 2)), canvas);
  return combineSelections(outer, inner, 'subtract');
}

/** Puts a selection elsewhere by whole pixels; what leaves the canvas is lost. */
export function shiftSelection(mask: SelectionMask, dx: number, dy: number, canvas: Rect): SelectionMask {
  return mask.shifted(dx, dy).within(canvas);
}
