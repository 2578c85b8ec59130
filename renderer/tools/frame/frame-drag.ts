import type { Rect } from '../../engine/geometry/rect.ts';

/** Which edges of the frame a drag moves; none means a new frame, all four move it whole. */
export interface FrameGrip {
  readonly left: boolean;
  readonly right: boolean;
  readonly top: boolean;
  readonly bottom: boolean;
}

/** Smallest frame edge in document pixels. */
const SMALLEST = 64;

/** What a pointer at (x, y) would take hold of; `reach` is how near counts, in document pixels. Null: outside. */
export function gripAt(frame: Rect, x: number, y: number, reach: number): FrameGrip | null {
  const right = frame.x + frame.width;
  const bottom = frame.y + frame.height;
  if (x < frame.x - reach || x > right + reach || y < frame.y - reach || y > bottom + reach) return null;
  const grip = {
    left: Math.abs(x - frame.x) <= reach,
    right: Math.abs(x - right) <= reach,
    top: Math.abs(y - frame.y) <= reach,
    bottom: Math.abs(y - bottom) <= reach,
  };
  const inside = !(grip.left || grip.right || grip.top || grip.bottom);
  return inside ? { left: true, right: true, top: true, bottom: true } : grip;
}

function snap(value: number, step: number): number {
  return Math.round(value / step) * step;
}

/** The frame after its gripped edges moved by (dx, dy); edges land on multiples of `step` and inside the canvas. */
export function dragFrame(
  frame: Rect,
  grip: FrameGrip,
  dx: number,
  dy: number,
  step: number,
  canvas: { readonly width: number; readonly height: number },
): Rect {
  if (grip.left && grip.right && grip.top && grip.bottom) {
    const x = Math.min(canvas.width - frame.width, Math.max(0, snap(frame.x + dx, step)));
    const y = Math.min(canvas.height - frame.height, Math.max(0, snap(frame.y + dy, step)));
    return { ...frame, x, y };
  }
  const [x0, x1] = dragEdges(frame.x, frame.x + frame.width, grip.left, grip.right, dx, step, canvas.width);
  const [y0, y1] = dragEdges(frame.y, frame.y + frame.height, grip.top, grip.bottom, dy, step, canvas.height);
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

function dragEdges(
  low: number,
  high: number,
  moveLow: boolean,
  moveHigh: boolean,
  by: number,
  step: number,
  limit: number,
): [number, number] {
  const least = Math.min(SMALLEST, limit);
  if (moveLow) return [Math.max(0, Math.min(high - least, snap(low + by, step))), high];
  if (moveHigh) return [low, Math.min(limit, Math.max(low + least, snap(high + by, step)))];
  return [low, high];
}

/** The frame between two corners, snapped, inside the canvas and not too small. */
export function frameBetween(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
  step: number,
  canvas: { readonly width: number; readonly height: number },
): Rect {
  const [x0, x1] = span(a.x, b.x, step, canvas.width);
  const [y0, y1] = span(a.y, b.y, step, canvas.height);
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

function span(a: number, b: number, step: number, limit: number): [number, number] {
  const least = Math.min(SMALLEST, limit);
  const low = Math.min(limit - least, Math.max(0, snap(Math.min(a, b), step)));
  const high = Math.min(limit, Math.max(low + least, snap(Math.max(a, b), step)));
  return [low, high];
}
