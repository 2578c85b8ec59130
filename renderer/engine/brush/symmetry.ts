import { compose, rotation, translation, type Affine, type Point } from '../transform/affine.ts';

/** The reflection in a line through a point; `angle` is the line's, in radians, 0 along x. */
export function mirrorSymmetry(through: Point, angle: number): Affine[] {
  const cos = Math.cos(2 * angle);
  const sin = Math.sin(2 * angle);
  const mirror: Affine = { a: cos, b: sin, c: sin, d: -cos, e: 0, f: 0 };
  return [about(through, mirror)];
}

/** The turns that make `count` copies around a point, without the one where the pen is. 2..32 copies. */
export function radialSymmetry(centre: Point, count: number): Affine[] {
  const copies = Math.min(32, Math.max(1, Math.round(count)));
  return Array.from({ length: copies - 1 }, (_, i) =>
    about(centre, rotation((2 * Math.PI * (i + 1)) / copies)),
  );
}

function about(centre: Point, map: Affine): Affine {
  return compose(translation(centre.x, centre.y), compose(map, translation(-centre.x, -centre.y)));
}
