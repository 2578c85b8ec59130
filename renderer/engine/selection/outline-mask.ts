import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { Point } from '../transform/affine.ts';
import { SelectionMask } from './selection-mask.ts';

interface Segment {
  readonly from: Point;
  readonly to: Point;
  readonly rect: Rect;
}

function segmentsOf(points: readonly Point[], closed: boolean, reach: number, canvas: Rect): Segment[] {
  const last = closed ? points.length : points.length - 1;
  return Array.from({ length: Math.max(0, last) }, (_, i) => {
    const from = points[i] as Point;
    const to = points[(i + 1) % points.length] as Point;
    const x = Math.floor(Math.min(from.x, to.x) - reach);
    const y = Math.floor(Math.min(from.y, to.y) - reach);
    const width = Math.ceil(Math.max(from.x, to.x) + reach) - x;
    const height = Math.ceil(Math.max(from.y, to.y) + reach) - y;
    return { from, to, rect: intersectRect({ x, y, width, height }, canvas) };
  }).filter(({ rect }) => !isEmptyRect(rect));
}

/** Distance of a point from a segment. */
function distance({ from, to }: Segment, x: number, y: number): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / square;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
}

/**
 * What a line of straight pieces covers, with round ends and corners; edges are smooth over one pixel.
 * @param closed the last point is joined with the first.
 * @param width in pixels, above 0; lines thinner than a pixel cover less instead of being broken.
 */
export function outlineMask(
  points: readonly Point[],
  closed: boolean,
  width: number,
  canvas: Rect,
): SelectionMask {
  const half = width / 2;
  const segments = segmentsOf(points, closed, half + 1, canvas);
  const rect = segments.reduce((all, segment) => unionRect(all, segment.rect), EMPTY_RECT);
  const data = new Uint8Array(rect.width * rect.height);
  const most = Math.min(1, width);
  for (const segment of segments) {
    const part = segment.rect;
    for (let y = part.y; y < part.y + part.height; y++) {
      const row = (y - rect.y) * rect.width - rect.x;
      for (let x = part.x; x < part.x + part.width; x++) {
        const cover = Math.max(0.5, half) + 0.5 - distance(segment, x + 0.5, y + 0.5);
        const value = Math.round(Math.min(1, Math.max(0, cover)) * most * 255);
        if (value > (data[row + x] as number)) data[row + x] = value;
      }
    }
  }
  return new SelectionMask(rect, data);
}
