import type { Rect } from '../geometry/rect.ts';
import type { Point } from './affine.ts';

/** The whole pixels that a figure touches, told by its corners. */
export function pixelsAround(corners: readonly Point[]): Rect {
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  // A hair inwards, so that rounding adds no empty row.
  const left = Math.floor(Math.min(...xs) + 1e-6);
  const top = Math.floor(Math.min(...ys) + 1e-6);
  const right = Math.ceil(Math.max(...xs) - 1e-6);
  const bottom = Math.ceil(Math.max(...ys) - 1e-6);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
