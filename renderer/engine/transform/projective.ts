import type { Rect } from '../geometry/rect.ts';
import type { Affine, Point } from './affine.ts';

/** The corners of a figure: top left, top right, bottom right, bottom left of what was a rectangle. */
export type Quad = readonly [Point, Point, Point, Point];

/** A projective map of the plane, row by row; the last number is 1 for a map from a rectangle. */
export type Projective = readonly [number, number, number, number, number, number, number, number, number];

/** The corners of a rectangle. */
export function quadOf({ x, y, width, height }: Rect): Quad {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

/** True when the corners go around once, each turning the same way: only then is everything inside mapped one to one. */
export function isConvex(quad: Quad): boolean {
  const turns = quad.map((corner, i) => {
    const next = quad[(i + 1) % 4] as Point;
    const after = quad[(i + 2) % 4] as Point;
    return (next.x - corner.x) * (after.y - next.y) - (next.y - corner.y) * (after.x - next.x);
  });
  return turns.every((turn) => turn > 1e-6) || turns.every((turn) => turn < -1e-6);
}

/** Whether a point lies within the corners (even-odd). */
export function isInside(quad: Quad, { x, y }: Point): boolean {
  let inside = false;
  for (const [i, a] of quad.entries()) {
    const b = quad[(i + 1) % 4] as Point;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

/**
 * The map that takes a rectangle's corners to four others (Heckbert 1989, "Fundamentals of Texture Mapping and Image
 * Warping", §2.2.3). Null when they do not make a convex figure or the rectangle is empty.
 */
export function projectiveOf(rect: Rect, quad: Quad): Projective | null {
  if (rect.width <= 0 || rect.height <= 0 || !isConvex(quad)) return null;
  const [p0, p1, p2, p3] = quad;
  const dx1 = p1.x - p2.x;
  const dx2 = p3.x - p2.x;
  const dy1 = p1.y - p2.y;
  const dy2 = p3.y - p2.y;
  const sx = p0.x - p1.x + p2.x - p3.x;
  const sy = p0.y - p1.y + p2.y - p3.y;
  const below = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / below;
  const h = (dx1 * sy - sx * dy1) / below;
  const unit: Projective = [
    p1.x - p0.x + g * p1.x,
    p3.x - p0.x + h * p3.x,
    p0.x,
    p1.y - p0.y + g * p1.y,
    p3.y - p0.y + h * p3.y,
    p0.y,
    g,
    h,
    1,
  ];
  const toUnit: Projective = [
    1 / rect.width,
    0,
    -rect.x / rect.width,
    0,
    1 / rect.height,
    -rect.y / rect.height,
    0,
    0,
    1,
  ];
  return multiply(unit, toUnit);
}

function multiply(a: Projective, b: Projective): Projective {
  const cell = (row: number, column: number): number =>
    [0, 1, 2].reduce((sum, k) => sum + (a[row * 3 + k] as number) * (b[k * 3 + column] as number), 0);
  return [
    cell(0, 0),
    cell(0, 1),
    cell(0, 2),
    cell(1, 0),
    cell(1, 1),
    cell(1, 2),
    cell(2, 0),
    cell(2, 1),
    cell(2, 2),
  ];
}

/** The map of a point; not a number where the point goes to infinity. */
export function applyProjective(map: Projective, { x, y }: Point): Point {
  const w = map[6] * x + map[7] * y + map[8];
  return { x: (map[0] * x + map[1] * y + map[2]) / w, y: (map[3] * x + map[4] * y + map[5]) / w };
}

/** The map back (the adjugate; projective maps know no scale), or null when it has none. */
export function invertProjective(m: Projective): Projective | null {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-12)) return null;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** The same map as an affine one, when it keeps lines parallel. */
export function asAffine(map: Projective): Affine | null {
  const [a, c, e, b, d, f, g, h, i] = map;
  const reach = Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d), 1e-12);
  if (Math.abs(g / i) > 1e-9 * reach || Math.abs(h / i) > 1e-9 * reach) return null;
  return { a: a / i, b: b / i, c: c / i, d: d / i, e: e / i, f: f / i };
}
