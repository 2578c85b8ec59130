import { intersectRect, type Rect } from '../engine/geometry/rect.ts';
import { tileRange, tileRect } from '../engine/tiles/tile.ts';
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
  const { rect } = mask;
  // The last border lies after the last pixel.
  const all = { ...rect, width: rect.width + 1, height: rect.height + 1 };
  const range = tileRange(all);
  for (let ty = range.y0; ty < range.y1; ty++)
    for (let tx = range.x0; tx < range.x1; tx++) traceTile(mask, intersectRect(all, tileRect(tx, ty)), path);
  paths.set(mask, path);
  return path;
}

/** The borders above and to the left of each pixel of a rectangle. */
function traceTile(mask: SelectionMask, part: Rect, path: Path2D): void {
  const around = { x: part.x - 1, y: part.y - 1, width: part.width + 1, height: part.height + 1 };
  if (mask.uniformIn(around) !== undefined) return;
  const values = mask.read(around);
  /** Places within the part; -1 is its neighbour. */
  const inside = (x: number, y: number): boolean =>
    (values[(y + 1) * around.width + x + 1] as number) >= THRESHOLD;
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width;) {
      const start = x;
      while (x < part.width && inside(x, y) !== inside(x, y - 1)) x++;
      if (x > start) {
        path.moveTo(part.x + start, part.y + y);
        path.lineTo(part.x + x, part.y + y);
      } else x++;
    }
  }
  for (let x = 0; x < part.width; x++) {
    for (let y = 0; y < part.height;) {
      const start = y;
      while (y < part.height && inside(x, y) !== inside(x - 1, y)) y++;
      if (y > start) {
        path.moveTo(part.x + x, part.y + start);
        path.lineTo(part.x + x, part.y + y);
      } else y++;
    }
  }
}

let stripes: CanvasPattern | null = null;

/** Diagonal black and white stripes: dashes along any border, however short the pieces it is made of. */
function stripePattern(context: CanvasRenderingContext2D): CanvasPattern | null {
  if (stripes) return stripes;
  const edge = DASH * 2;
  const tile = new OffscreenCanvas(edge, edge);
  const pen = tile.getContext('2d');
  if (!pen) return null;
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      pen.fillStyle = (x + y) % edge < DASH ? '#000000' : '#ffffff';
      pen.fillRect(x, y, 1, 1);
    }
  }
  stripes = context.createPattern(tile, 'repeat');
  return stripes;
}

function strokeStriped(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  path: Path2D,
  scale: number,
): void {
  const pattern = stripePattern(context);
  if (!pattern) return;
  // Stripes belong to the screen, not to the document.
  pattern.setTransform(new DOMMatrix([...viewMatrix(view)]).inverse());
  context.lineWidth = scale / view.zoom;
  context.strokeStyle = pattern;
  context.stroke(path);
}

/** Outlines what is selected, and the line being drawn, in black and white stripes that any picture shows. */
export function drawSelection(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  mask: SelectionMask | null,
  draft: readonly Point[],
  scale: number,
): void {
  context.save();
  context.setTransform(...viewMatrix(view));
  if (mask) strokeStriped(context, view, borderPath(mask), scale);
  if (draft.length > 1) {
    const path = new Path2D();
    for (const { x, y } of draft) path.lineTo(x, y);
    path.closePath();
    strokeStriped(context, view, path, scale);
  }
  context.restore();
}
