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

/** Where an edge lands that was dragged to a place. */
export interface Landing {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Edges land on multiples of so many document pixels. @param rests places that go before, by axis. */
export function landing(
  step: number,
  rests: { readonly x?: number | null; readonly y?: number | null } = {},
): Landing {
  const land =
    (rest: number | null | undefined) =>
    (value: number): number =>
      rest === null || rest === undefined ? Math.round(value / step) * step : Math.round(rest);
  return { x: land(rests.x), y: land(rests.y) };
}

/** The frame after its gripped edges moved by (dx, dy); edges land where they may, inside the canvas. */
export function dragFrame(
  frame: Rect,
  grip: FrameGrip,
  dx: number,
  dy: number,
  land: Landing,
  canvas: { readonly width: number; readonly height: number },
): Rect {
  if (grip.left && grip.right && grip.top && grip.bottom) {
    const x = Math.min(canvas.width - frame.width, Math.max(0, land.x(frame.x + dx)));
    const y = Math.min(canvas.height - frame.height, Math.max(0, land.y(frame.y + dy)));
    return { ...frame, x, y };
  }
  const [x0, x1] = dragEdges(frame.x, frame.x + frame.width, grip.left, grip.right, dx, land.x, canvas.width);
  const [y0, y1] = dragEdges(
    frame.y,
    frame.y + frame.height,
    grip.top,
    grip.bottom,
    dy,
    land.y,
    canvas.height,
  );
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

function dragEdges(
  low: number,
  high: number,
  moveLow: boolean,
  moveHigh: boolean,
  by: number,
  land: (value: number) => number,
  limit: number,
): [number, number] {
  const least = Math.min(SMALLEST, limit);
  if (moveLow) return [Math.max(0, Math.min(high - least, land(low + by))), high];
  if (moveHigh) return [low, Math.min(limit, Math.max(low + least, land(high + by)))];
  return [low, high];
}

/**
 * The frame between two corners, inside the canvas and not too small.
 * @param landA where the first corner lands, `landB` the other.
 */
export function frameBetween(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
  landA: Landing,
  landB: Landing,
  canvas: { readonly width: number; readonly height: number },
): Rect {
  const [x0, x1] = span(landA.x(a.x), landB.x(b.x), canvas.width);
  const [y0, y1] = span(landA.y(a.y), landB.y(b.y), canvas.height);
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

function span(a: number, b: number, limit: number): [number, number] {
  const least = Math.min(SMALLEST, limit);
  const low = Math.min(limit - least, Math.max(0, Math.min(a, b)));
  const high = Math.min(limit, Math.max(low + least, Math.max(a, b)));
  return [low, high];
}
