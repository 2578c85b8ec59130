import { grownRect, intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { applyAffine, invertAffine, type Affine } from '../transform/affine.ts';
import { mappedBounds } from '../transform/resample.ts';
import { SelectionMask } from './selection-mask.ts';

/**
 * A selection that goes along when the whole picture is cropped, turned or scaled: bilinear between pixels, exact for
 * shifts and quarter turns. Null when nothing of it is left on the canvas.
 */
export function mapSelection(mask: SelectionMask, map: Affine, canvas: Rect): SelectionMask | null {
  const back = invertAffine(map);
  const rect = intersectRect(mappedBounds(map, mask.rect), canvas);
  if (!back || isEmptyRect(rect)) return null;
  return SelectionMask.ofTiles(rect, (part) => {
    const around = grownRect(mappedBounds(back, part), 2);
    const value = mask.uniformIn(around);
    if (value !== undefined) return value;
    const values = mask.read(around);
    const at = (x: number, y: number): number =>
      values[(y - around.y) * around.width + x - around.x] as number;
    const data = new Uint8Array(part.width * part.height);
    for (let y = 0; y < part.height; y++) {
      for (let x = 0; x < part.width; x++) {
        const from = applyAffine(back, { x: part.x + x + 0.5, y: part.y + y + 0.5 });
        const left = Math.floor(from.x - 0.5);
        const top = Math.floor(from.y - 0.5);
        const u = from.x - 0.5 - left;
        const v = from.y - 0.5 - top;
        const upper = at(left, top) * (1 - u) + at(left + 1, top) * u;
        const lower = at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u;
        data[y * part.width + x] = Math.round(upper * (1 - v) + lower * v);
      }
    }
    return data;
  });
}
