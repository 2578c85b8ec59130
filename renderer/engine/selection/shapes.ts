import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import type { Point } from '../transform/affine.ts';
import { SelectionMask } from './selection-mask.ts';

/** Rows that each pixel's row is cut into. */
const SUBROWS = 8;

/** A rectangle of whole pixels, within the canvas. */
export function selectRectangle(rect: Rect, canvas: Rect): SelectionMask {
  const seen = intersectRect(rect, canvas);
  return SelectionMask.uniform(seen, 255);
}

/** The ellipse that a rectangle holds, with smooth edges. */
export function selectEllipse(rect: Rect, canvas: Rect): SelectionMask {
  const rx = rect.width / 2;
  const ry = rect.height / 2;
  const cx = rect.x + rx;
  const cy = rect.y + ry;
  return selectSpans(rect, canvas, (y, span) => {
    const inside = 1 - ((y - cy) / ry) ** 2;
    if (inside <= 0) return;
    const half = rx * Math.sqrt(inside);
    span(cx - half, cx + half);
  });
}

/**
 * What a closed line encloses (lasso), with smooth edges; where it crosses itself the even-odd rule decides.
 * Fewer than three points select nothing; points that are not finite are left out.
 */
export function selectPolygon(points: readonly Point[], canvas: Rect): SelectionMask {
  const corners = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (corners.length < 3) return SelectionMask.none;
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const left = Math.floor(least(xs));
  const top = Math.floor(least(ys));
  const rect = {
    x: left,
    y: top,
    width: Math.ceil(-least(xs.map((x) => -x))) - left,
    height: Math.ceil(-least(ys.map((y) => -y))) - top,
  };
  return selectSpans(rect, canvas, (y, span) => {
    const crossings: number[] = [];
    for (let i = 0; i < corners.length; i++) {
      const a = corners[i] as Point;
      const b = corners[(i + 1) % corners.length] as Point;
      if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2)
      span(crossings[i] as number, crossings[i + 1] as number);
  });
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

type Span = (from: number, to: number) => void;

/** Fills a shape that is told by its spans along horizontal lines: exact across, eight lines a pixel down. */
function selectSpans(shape: Rect, canvas: Rect, spansAt: (y: number, span: Span) => void): SelectionMask {
  const rect = intersectRect(shape, canvas);
  if (isEmptyRect(rect)) return SelectionMask.none;
  const line = new Float32Array(rect.width);
  return SelectionMask.ofRows(rect, (top, rows, out) => {
    for (let row = 0; row < rows; row++) {
      line.fill(0);
      for (let k = 0; k < SUBROWS; k++) {
        spansAt(top + row + (k + 0.5) / SUBROWS, (from, to) => addSpan(line, from - rect.x, to - rect.x));
      }
      for (let x = 0; x < rect.width; x++)
        out[row * rect.width + x] = ((line[x] as number) / SUBROWS) * 255 + 0.5;
    }
  });
}

/** Adds how much of each pixel lies between two places of a line. */
function addSpan(line: Float32Array, from: number, to: number): void {
  const start = Math.max(0, from);
  const end = Math.min(line.length, to);
  for (let x = Math.floor(start); x < end; x++) {
    line[x] = (line[x] as number) + Math.min(end, x + 1) - Math.max(start, x);
  }
}
