import type { Rect } from '../engine/geometry/rect.ts';
import { toDocument, type ViewTransform } from './view-transform.ts';

/** The smallest rectangle of whole document pixels that holds what a screen shows, reaching beyond the canvas or not. */
export function seenOf(
  view: ViewTransform,
  screen: { readonly width: number; readonly height: number },
): Rect {
  const corners = [0, screen.width].flatMap((x) => [0, screen.height].map((y) => toDocument(view, { x, y })));
  const x = Math.floor(Math.min(...corners.map((corner) => corner.x)));
  const y = Math.floor(Math.min(...corners.map((corner) => corner.y)));
  return {
    x,
    y,
    width: Math.ceil(Math.max(...corners.map((corner) => corner.x))) - x,
    height: Math.ceil(Math.max(...corners.map((corner) => corner.y))) - y,
  };
}
