import { intersectRect, unionRect, type Rect } from '../../engine/geometry/rect.ts';
import type { Affine } from '../../engine/transform/affine.ts';
import type { Lifted } from '../../engine/transform/lift.ts';
import { MeshField } from '../../engine/transform/mesh-field.ts';
import { pixelsAround } from '../../engine/transform/pixels-around.ts';
import { placeProjected } from '../../engine/transform/place-projected.ts';
import {
  applyProjective,
  asAffine,
  projectiveOf,
  quadOf,
  type Projective,
  type Quad,
} from '../../engine/transform/projective.ts';
import type { Placing } from '../../engine/transform/put-down.ts';
import type { Sampling } from '../../engine/transform/resample.ts';
import type { WarpMesh } from '../../engine/transform/warp-mesh.ts';

/** Longest edge of what a transform may make, in pixels. */
const LONGEST = 32768;

/** Where everything that was taken up goes. */
export interface Placement {
  /** The same as an affine map, when it is one. */
  readonly affine: Affine | null;
  /** Where one of the things goes: the pixels it may touch, and what it is there. */
  of(lifted: Lifted, sampling: Sampling): { readonly bounds: Rect; readonly at: Placing };
}

/** A mask may reach far beyond the picture, but is kept only around it. */
function around({ x, y, width, height }: Rect): Rect {
  const margin = Math.max(width, height);
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** Pixels that a mapped rectangle touches; all of `limit` where it reaches beyond the vanishing line. */
function projectedBounds(map: Projective, rect: Rect, limit: Rect): Rect {
  const grown = { x: rect.x - 2, y: rect.y - 2, width: rect.width + 4, height: rect.height + 4 };
  const corners = quadOf(grown);
  const sides = corners.map(({ x, y }) => Math.sign(map[6] * x + map[7] * y + map[8]));
  if (sides.some((side) => side !== sides[0])) return limit;
  return intersectRect(pixelsAround(corners.map((corner) => applyProjective(map, corner))), limit);
}

/**
 * The placement that takes a rectangle's corners to others.
 * @param canvas of the picture.
 * @returns null for a figure that is not convex, or is too large.
 */
export function quadPlacement(source: Rect, quad: Quad, canvas: Rect): Placement | null {
  const map = projectiveOf(source, quad);
  const figure = pixelsAround(quad);
  if (!map || figure.width > LONGEST || figure.height > LONGEST) return null;
  const limit = unionRect(around(canvas), figure);
  return {
    affine: asAffine(map),
    of: (lifted, sampling) => ({
      bounds: lifted.plane === 'pixels' ? figure : projectedBounds(map, lifted.rect, limit),
      at: placeProjected(lifted, map, sampling),
    }),
  };
}

/**
 * The placement that a mesh over a rectangle is.
 * @param coarse for looking at while it is dragged.
 * @returns null where the result would be too large.
 */
export function meshPlacement(source: Rect, mesh: WarpMesh, coarse: boolean): Placement | null {
  const field = new MeshField(mesh, source, coarse);
  const { bounds } = field;
  if (bounds.width > LONGEST || bounds.height > LONGEST) return null;
  return { affine: null, of: (lifted, sampling) => ({ bounds, at: field.place(lifted, sampling) }) };
}
