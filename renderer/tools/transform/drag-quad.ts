import type { Point } from '../../engine/transform/affine.ts';
import { isInside, type Quad } from '../../engine/transform/projective.ts';

/** What a drag has taken hold of: corner or side 0..3 (side i is between corners i and i + 1), the inside, or the outside. */
export type QuadGrip =
  | { readonly kind: 'corner'; readonly index: number }
  | { readonly kind: 'side'; readonly index: number }
  | { readonly kind: 'inside' }
  | { readonly kind: 'turn' };

/** Keys that were held. */
export interface DragKeys {
  /** Shift: frees the proportions, holds a move to an axis, turns by 15°. */
  readonly straight: boolean;
  /** Alt: about the middle. */
  readonly alternate: boolean;
  /** Ctrl or Cmd: distorts a corner, skews a side; with both others a corner makes perspective. */
  readonly command: boolean;
}

const SNAP = Math.PI / 12;

function corner(quad: Quad, index: number): Point {
  return quad[index % 4] as Point;
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The mean of the corners. */
export function quadMiddle(quad: Quad): Point {
  return between(between(quad[0], quad[2]), between(quad[1], quad[3]));
}

/** Corners and middles of sides: where handles are shown. */
export function quadHandles(quad: Quad): Point[] {
  return [...quad, ...[0, 1, 2, 3].map((i) => between(corner(quad, i), corner(quad, i + 1)))];
}

/** What a pointer takes hold of. @param reach how near counts, in document pixels. */
export function quadGripAt(quad: Quad, point: Point, reach: number): QuadGrip {
  const index = quadHandles(quad).findIndex(({ x, y }) => Math.hypot(x - point.x, y - point.y) <= reach);
  if (index >= 4) return { kind: 'side', index: index - 4 };
  if (index >= 0) return { kind: 'corner', index };
  return isInside(quad, point) ? { kind: 'inside' } : { kind: 'turn' };
}

function mapped(quad: Quad, map: (point: Point, index: number) => Point): Quad {
  return [map(quad[0], 0), map(quad[1], 1), map(quad[2], 2), map(quad[3], 3)];
}

/** The figure moved. */
export function moveQuad(quad: Quad, dx: number, dy: number): Quad {
  return mapped(quad, ({ x, y }) => ({ x: x + dx, y: y + dy }));
}

/** The figure turned about a point, radians, clockwise on the screen. */
export function turnQuad(quad: Quad, about: Point, angle: number): Quad {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return mapped(quad, ({ x, y }) => ({
    x: about.x + (x - about.x) * cos - (y - about.y) * sin,
    y: about.y + (x - about.x) * sin + (y - about.y) * cos,
  }));
}

/** The figure stretched about a point along its own two directions. */
export function stretchQuad(quad: Quad, about: Point, along: number, down: number): Quad {
  const u = { x: quad[1].x - quad[0].x, y: quad[1].y - quad[0].y };
  const v = { x: quad[3].x - quad[0].x, y: quad[3].y - quad[0].y };
  const area = u.x * v.y - u.y * v.x;
  if (Math.abs(area) < 1e-9) return quad;
  return mapped(quad, (point) => {
    const x = point.x - about.x;
    const y = point.y - about.y;
    const s = ((x * v.y - y * v.x) / area) * along;
    const t = ((u.x * y - u.y * x) / area) * down;
    return { x: about.x + s * u.x + t * v.x, y: about.y + s * u.y + t * v.y };
  });
}

/** How far a point lies along the figure's two directions from another one. */
function alongAxes(quad: Quad, from: Point, to: Point): { s: number; t: number } {
  const u = { x: quad[1].x - quad[0].x, y: quad[1].y - quad[0].y };
  const v = { x: quad[3].x - quad[0].x, y: quad[3].y - quad[0].y };
  const area = u.x * v.y - u.y * v.x;
  const x = to.x - from.x;
  const y = to.y - from.y;
  return { s: (x * v.y - y * v.x) / area, t: (u.x * y - u.y * x) / area };
}

/** Never smaller than this part: a flat figure has no way back. */
const LEAST = 0.002;

function factor(now: number, before: number): number {
  if (Math.abs(before) < 1e-9) return 1;
  const value = now / before;
  return Math.abs(value) < LEAST ? LEAST * (Math.sign(value) || 1) : value;
}

function dragCorner(quad: Quad, index: number, to: Point, keys: DragKeys): Quad {
  const from = corner(quad, index);
  if (keys.command) {
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    if (!(keys.alternate && keys.straight)) {
      return mapped(quad, (point, i) => (i === index ? { x: point.x + dx, y: point.y + dy } : point));
    }
    // Perspective: the neighbour along the longer way of the drag goes the other way.
    const across = Math.abs(dx) >= Math.abs(dy);
    const partner = across === (index % 2 === 0) ? (index + 1) % 4 : (index + 3) % 4;
    return mapped(quad, (point, i) => {
      const sign = i === index ? 1 : i === partner ? -1 : 0;
      return across ? { x: point.x + sign * dx, y: point.y } : { x: point.x, y: point.y + sign * dy };
    });
  }
  const about = keys.alternate ? quadMiddle(quad) : corner(quad, index + 2);
  if (keys.straight) {
    const before = alongAxes(quad, about, from);
    const now = alongAxes(quad, about, to);
    return stretchQuad(quad, about, factor(now.s, before.s), factor(now.t, before.t));
  }
  const ox = from.x - about.x;
  const oy = from.y - about.y;
  const both = factor((to.x - about.x) * ox + (to.y - about.y) * oy, ox * ox + oy * oy);
  return stretchQuad(quad, about, both, both);
}

function dragSide(quad: Quad, index: number, start: Point, to: Point, keys: DragKeys): Quad {
  const next = (index + 1) % 4;
  if (keys.command) {
    const dx = to.x - start.x;
    const dy = to.y - start.y;
    return mapped(quad, (point, i) =>
      i === index || i === next ? { x: point.x + dx, y: point.y + dy } : point,
    );
  }
  const here = between(corner(quad, index), corner(quad, index + 1));
  const about = keys.alternate ? quadMiddle(quad) : between(corner(quad, index + 2), corner(quad, index + 3));
  const before = alongAxes(quad, about, here);
  const now = alongAxes(quad, about, to);
  return index % 2 === 0
    ? stretchQuad(quad, about, 1, factor(now.t, before.t))
    : stretchQuad(quad, about, factor(now.s, before.s), 1);
}

/** The figure after a drag from `start` to `to`. */
export function dragQuad(quad: Quad, grip: QuadGrip, start: Point, to: Point, keys: DragKeys): Quad {
  switch (grip.kind) {
    case 'corner':
      return dragCorner(quad, grip.index, to, keys);
    case 'side':
      return dragSide(quad, grip.index, start, to, keys);
    case 'inside': {
      const dx = Math.round(to.x - start.x);
      const dy = Math.round(to.y - start.y);
      if (!keys.straight) return moveQuad(quad, dx, dy);
      return Math.abs(dx) >= Math.abs(dy) ? moveQuad(quad, dx, 0) : moveQuad(quad, 0, dy);
    }
    case 'turn': {
      const about = quadMiddle(quad);
      const angle =
        Math.atan2(to.y - about.y, to.x - about.x) - Math.atan2(start.y - about.y, start.x - about.x);
      return turnQuad(quad, about, keys.straight ? Math.round(angle / SNAP) * SNAP : angle);
    }
  }
}
