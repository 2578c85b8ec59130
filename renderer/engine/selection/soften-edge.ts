import { grownRect, intersectRect, type Rect } from '../geometry/rect.ts';
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
    x < left && left <= canvas.x ? left : x > right && right >= canvas.x + canvas.width - 1 ? right : x;
  const row = (y: number): number =>
    y < top && top <= canvas.y ? top : y > bottom && bottom >= canvas.y + canvas.height - 1 ? bottom : y;
  return SelectionMask.ofTiles(mask.rect, (part) => {
    const around = grownRect(part, 1);
    const only = mask.uniformIn(around) ?? mask.uniformIn(intersectRect(around, canvas));
    if (only !== undefined) return only;
    const values = mask.read(around);
    const at = (x: number, y: number): number =>
      values[(row(y) - around.y) * around.width + column(x) - around.x] as number;
    const out = mask.read(part);
    for (let y = 0; y < part.height; y++) {
      for (let x = 0; x < part.width; x++) {
        const own = out[y * part.width + x];
        let sum = 0;
        let same = true;
        for (let v = -1; v <= 1; v++) {
          for (let u = -1; u <= 1; u++) {
            const value = at(part.x + x + u, part.y + y + v);
            same &&= value === own;
            sum += value * (2 - Math.abs(u)) * (2 - Math.abs(v));
          }
        }
        if (!same) out[y * part.width + x] = Math.round(sum / 16);
      }
    }
    return out;
  });
}
