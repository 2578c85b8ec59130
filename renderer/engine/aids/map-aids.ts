import { applyAffine, type Affine } from '../transform/affine.ts';
import type { Aids, Grid, Guide } from './aids.ts';

/**
 * Aids that go along when the whole picture is cropped, scaled, or turned by quarters.
 * @param map what happens to every point; only shifts, scalings, mirrors and quarter turns are possible.
 */
export function mapAids(aids: Aids, map: Affine): Aids {
  return {
    ...aids,
    guides: aids.guides.map((guide) => mapGuide(guide, map)),
    grid: mapGrid(aids.grid, map),
    rulers: aids.rulers.map((ruler) => ({
      ...ruler,
      points: ruler.points.map((point) => tidied(applyAffine(map, point))),
    })),
  };
}

/** True when x becomes y. */
function swaps({ a }: Affine): boolean {
  return Math.abs(a) < 1e-9;
}

function mapGuide({ direction, position }: Guide, map: Affine): Guide {
  const to = tidied(applyAffine(map, { x: position, y: position }));
  const other = direction === 'horizontal' ? 'vertical' : 'horizontal';
  const now = swaps(map) ? other : direction;
  return { direction: now, position: now === 'vertical' ? to.x : to.y };
}

function mapGrid(grid: Grid, map: Affine): Grid {
  const { x, y } = applyAffine(map, grid);
  const [width, height] = swaps(map)
    ? [Math.abs(map.c) * grid.height, Math.abs(map.b) * grid.width]
    : [Math.abs(map.a) * grid.width, Math.abs(map.d) * grid.height];
  const size = { width: clamped(width), height: clamped(height) };
  return { ...grid, ...size, x: modulo(x, size.width), y: modulo(y, size.height) };
}

function clamped(length: number): number {
  return Math.min(10_000, Math.max(1, tidy(length)));
}

/** The same line of a net, nearest to 0. */
function modulo(value: number, period: number): number {
  const rest = tidy(value - Math.floor(value / period) * period);
  return rest === period ? 0 : rest;
}

/** Without what floating point leaves of a number that is meant to be simple. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

function tidied({ x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } {
  return { x: tidy(x), y: tidy(y) };
}
