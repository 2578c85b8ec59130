import { EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import type { RegionPixels } from './region.ts';

/** The smallest rectangle that holds every pixel that is not transparent. @param pixels RGBA of `rect`. */
export function tightBounds(pixels: RegionPixels, rect: Rect): Rect {
  let left = rect.width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      if (pixels[(y * rect.width + x) * 4 + 3] === 0) continue;
      if (top < 0) top = y;
      bottom = y;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (top < 0) return EMPTY_RECT;
  return { x: rect.x + left, y: rect.y + top, width: right - left + 1, height: bottom - top + 1 };
}

/** The pixels of a part. @param pixels RGBA of `from`. @param to within `from`. */
export function cutPixels(
  pixels: RegionPixels,
  from: Rect,
  to: Rect,
): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const out =
    pixels instanceof Uint16Array
      ? new Uint16Array(to.width * to.height * 4)
      : new Uint8ClampedArray(to.width * to.height * 4);
  for (let y = 0; y < to.height; y++) {
    const at = ((y + to.y - from.y) * from.width + to.x - from.x) * 4;
    out.set(pixels.subarray(at, at + to.width * 4), y * to.width * 4);
  }
  return out;
}
