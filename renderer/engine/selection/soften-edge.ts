import type { Rect } from '../geometry/rect.ts';
import { SelectionMask } from './selection-mask.ts';

/**
 * Takes the steps out of the edge of a selection of whole pixels: each value becomes the average of the 3 × 3 around it,
 * weighted 1 2 1, where neighbours differ. Half-selected stays half-selected, so the edge does not move.
 * @param canvas beyond it nothing is known, so what touches it stays whole.
 */
export function softenEdge(mask: SelectionMask, canvas: Rect): SelectionMask {
  const { x: left, y: top, width, height } = mask.rect;
  const right = left + width - 1;
  const bottom = top + height - 1;
  // Outside the rectangle nothing is selected, unless that is where the canvas ends.
  const column = (x: number): number =>
    x < 0 && left <= canvas.x ? 0 : x >= width && right >= canvas.x + canvas.width - 1 ? width - 1 : x;
  const row = (y: number): number =>
    y < 0 && top <= canvas.y ? 0 : y >= height && bottom >= canvas.y + canvas.height - 1 ? height - 1 : y;
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (mask.data[y * width + x] as number);
  const out = Uint8Array.from(mask.data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const own = at(x, y);
      let sum = 0;
      let same = true;
      for (let v = -1; v <= 1; v++) {
        for (let u = -1; u <= 1; u++) {
          const value = at(column(x + u), row(y + v));
          same &&= value === own;
          sum += value * (2 - Math.abs(u)) * (2 - Math.abs(v));
        }
      }
      if (!same) out[y * width + x] = Math.round(sum / 16);
    }
  }
  return new SelectionMask(mask.rect, out);
}
