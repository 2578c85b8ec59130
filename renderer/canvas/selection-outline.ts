import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { type Point, viewMatrix, type ViewTransform } from './view-transform.ts';

/** From this value on a pixel counts as selected for the outline. */
const THRESHOLD = 128;
const DASH = 4;

const paths = new WeakMap<SelectionMask, Path2D>();

/** The border between selected and unselected pixels, in document pixels; traced once a selection. */
function borderPath(mask: SelectionMask): Path2D {
  const known = paths.get(mask);
  if (known) return known;
  const path = new Path2D();
  const { x: left, y: top, width, height } = mask.rect;
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && (mask.data[y * width + x] ?? 0) >= THRESHOLD;
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width;) {
      const start = x;
      while (x < width && inside(x, y) !== inside(x, y - 1)) x++;
      if (x > start) {
        path.moveTo(left + start, top + y);
        path.lineTo(left + x, top + y);
      } else x++;
    }
  }
  for (let x = 0; x <= width; x++) {
    for (let y = 0; y < height;) {
      const start = y;
      while (y < height && inside(x, y) !== inside(x - 1, y)) y++;
      if (y > start) {
        path.moveTo(left + x, top + start);
        path.lineTo(left + x, top + y);
      } else y++;
    }
  }
  paths.set(mask, path);
  return path;
}

function strokeTwice(context: CanvasRenderingContext2D, path: Path2D, scale: number, zoom: number): void {
  context.lineWidth = scale / zoom;
  context.strokeStyle = '#000000';
  context.stroke(path);
  context.setLineDash([(DASH * scale) / zoom, (DASH * scale) / zoom]);
  context.strokeStyle = '#ffffff';
  context.stroke(path);
}

/** Outlines what is selected, and the line being drawn, in black and white dashes that any picture shows. */
export function drawSelection(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  mask: SelectionMask | null,
  draft: readonly Point[],
  scale: number,
): void {
  context.save();
  context.setTransform(...viewMatrix(view));
  if (mask) strokeTwice(context, borderPath(mask), scale, view.zoom);
  if (draft.length > 1) {
    const path = new Path2D();
    for (const { x, y } of draft) path.lineTo(x, y);
    path.closePath();
    strokeTwice(context, path, scale, view.zoom);
  }
  context.restore();
}
