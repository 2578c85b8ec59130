import type { Rect } from '../../engine/geometry/rect.ts';
import type { FrameGrip } from '../frame/frame-drag.ts';

/** Longest edge of a canvas in pixels. */
const LONGEST = 16384;

interface Point {
  readonly x: number;
  readonly y: number;
  /** Shift: a square. */
  readonly straight: boolean;
}

function edges(low: number, high: number): [number, number] {
  const from = Math.round(Math.min(low, high));
  const to = Math.max(from + 1, Math.round(Math.max(low, high)));
  return [from, Math.min(to, from + LONGEST)];
}

/** The rectangle of a crop after a drag: a new one without a grip, else the old one with its gripped edges moved. */
export function dragCrop(before: Rect | null, grip: FrameGrip | null, start: Point, point: Point): Rect {
  const dx = point.x - start.x;
  const dy = point.y - start.y;
  if (!before || !grip) {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    const [x0, x1] = edges(start.x, point.straight ? start.x + side * Math.sign(dx || 1) : point.x);
    const [y0, y1] = edges(start.y, point.straight ? start.y + side * Math.sign(dy || 1) : point.y);
    return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  }
  if (grip.left && grip.right && grip.top && grip.bottom)
    return { ...before, x: before.x + Math.round(dx), y: before.y + Math.round(dy) };
  const [x0, x1] = edges(before.x + (grip.left ? dx : 0), before.x + before.width + (grip.right ? dx : 0));
  const [y0, y1] = edges(before.y + (grip.top ? dy : 0), before.y + before.height + (grip.bottom ? dy : 0));
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}
