/** A 2D affine map: x' = a x + c y + e, y' = b x + d y + f (the order of CSS and canvas matrices). */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** A point of the plane. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Leaves every point where it is. */
export const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** First `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e: outer.a * inner.e + outer.c * inner.f + outer.e,
    f: outer.b * inner.e + outer.d * inner.f + outer.f,
  };
}

/** The map of a point. */
export function applyAffine(map: Affine, { x, y }: Point): Point {
  return { x: map.a * x + map.c * y + map.e, y: map.b * x + map.d * y + map.f };
}

/** The map back, or null when the plane is flattened. */
export function invertAffine({ a, b, c, d, e, f }: Affine): Affine | null {
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 1e-12)) return null;
  return {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
}

/** Moves by (x, y). */
export function translation(x: number, y: number): Affine {
  return { ...IDENTITY, e: x, f: y };
}

/** Scales about the origin. */
export function scaling(x: number, y: number): Affine {
  return { ...IDENTITY, a: x, d: y };
}

/** Turns about the origin, radians, clockwise on screen (y points down). */
export function rotation(radians: number): Affine {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
}
