/** A point of a path. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cubic as Hermite data: ends and tangents. */
export interface HermiteSegment {
  readonly p1: Point;
  readonly p2: Point;
  readonly m1: Point;
  readonly m2: Point;
}

/**
 * The centripetal Catmull-Rom segment from p1 to p2 (Yuksel, Schaefer, Keyser 2011): knots spaced by the root of the
 * distance, so that it neither loops nor overshoots between uneven readings. At an end of the path pass the end point
 * itself as its outer neighbour.
 */
export function catmullRom(p0: Point, p1: Point, p2: Point, p3: Point): HermiteSegment {
  const before = knot(p0, p1);
  const inner = knot(p1, p2);
  const after = knot(p2, p3);
  const m1 = before > 0 ? tangent(p0, p1, p2, before, inner, inner) : null;
  const m2 = after > 0 ? tangent(p1, p2, p3, inner, after, inner) : null;
  return { p1, p2, m1: m1 ?? endTangent(p1, p2, m2), m2: m2 ?? endTangent(p1, p2, m1) };
}

/** The segment at t, 0..1. */
export function hermitePoint({ p1, p2, m1, m2 }: HermiteSegment, t: number): Point {
  const s = 1 - t;
  const h1 = (1 + 2 * t) * s * s;
  const h2 = t * t * (3 - 2 * t);
  const h3 = t * s * s;
  const h4 = t * t * s;
  return {
    x: h1 * p1.x + h2 * p2.x + h3 * m1.x - h4 * m2.x,
    y: h1 * p1.y + h2 * p2.y + h3 * m1.y - h4 * m2.y,
  };
}

function knot(a: Point, b: Point): number {
  return Math.sqrt(Math.hypot(b.x - a.x, b.y - a.y));
}

/** The tangent at b, where knots are `ab` and `bc` apart, scaled to a segment of `scale`. */
function tangent(a: Point, b: Point, c: Point, ab: number, bc: number, scale: number): Point {
  if (ab === 0 || bc === 0) return { x: 0, y: 0 };
  return {
    x: ((b.x - a.x) / ab - (c.x - a.x) / (ab + bc) + (c.x - b.x) / bc) * scale,
    y: ((b.y - a.y) / ab - (c.y - a.y) / (ab + bc) + (c.y - b.y) / bc) * scale,
  };
}

/** Where the path ends it bends no further: zero second derivative there, as in a natural spline. */
function endTangent(p1: Point, p2: Point, other: Point | null): Point {
  const chord = { x: p2.x - p1.x, y: p2.y - p1.y };
  return other ? { x: 1.5 * chord.x - 0.5 * other.x, y: 1.5 * chord.y - 0.5 * other.y } : chord;
}
