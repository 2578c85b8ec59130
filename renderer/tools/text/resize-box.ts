import type { LayerText } from '../../engine/layers/layer-text.ts';
import {
  applyAffine,
  compose,
  invertAffine,
  type Point,
  translation,
} from '../../engine/transform/affine.ts';

/** Handles of a figure in the order of `quadHandles`: which edges of a box each of them drags. */
const LEFT: readonly number[] = [0, 3, 7];
const RIGHT: readonly number[] = [1, 2, 5];
const TOP: readonly number[] = [0, 1, 4];
const BOTTOM: readonly number[] = [2, 3, 6];

/**
 * A box of text after one of its handles was dragged; the other side stays where it is.
 * @param handle 0 … 7: corners from the left top one clockwise, then sides from the top one clockwise.
 * @param to where it was dragged, in document pixels.
 * @returns what changes of the text; nothing for text without a box.
 */
export function resizeBox(text: LayerText, handle: number, to: Point): Pick<LayerText, 'box' | 'place'> {
  const { box, place, size } = text;
  const back = invertAffine(place);
  if (!box || !back) return { box, place };
  const at = applyAffine(back, to);
  // Never so small that not one letter fits.
  const least = Math.max(1, size / 2);
  const left = LEFT.includes(handle) ? Math.min(at.x, box.width - least) : 0;
  const top = TOP.includes(handle) ? Math.min(at.y, box.height - least) : 0;
  const right = RIGHT.includes(handle) ? Math.max(at.x, left + least) : box.width;
  const bottom = BOTTOM.includes(handle) ? Math.max(at.y, top + least) : box.height;
  return {
    box: { width: right - left, height: bottom - top },
    place: compose(place, translation(left, top)),
  };
}
