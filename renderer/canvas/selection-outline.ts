import { intersectRect, type Rect } from '../engine/geometry/rect.ts';
import { tileRange, tileRect } from '../engine/tiles/tile.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { STRIPE_PERIOD } from './ant-march.ts';
import { type Point, viewMatrix, type ViewTransform } from './view-transform.ts';

/** From this value on a pixel counts as selected for the outline. */
const THRESHOLD = 128;
const DASH = STRIPE_PERIOD / 2;

/** The border between selected and unselected pixels, in document pixels. */
interface Border {
  readonly path: Path2D;
  /** The parts of tiles that it runs through. */
  readonly tiles: readonly Rect[];
}

const borders = new WeakMap<SelectionMask, Border>();

/** Traced once a selection. */
function borderOf(mask: SelectionMask): Border {
  const known = borders.get(mask);
  if (known) return known;
  const path = new Path2D();
  const tiles: Rect[] = [];
  const { rect } = mask;
  // The last border lies after the last pixel.
  const all = { ...rect, width: rect.width + 1, height: rect.height + 1 };
  const range = tileRange(all);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const part = intersectRect(all, tileRect(tx, ty));
      if (traceTile(mask, part, path)) tiles.push(part);
    }
  }
  const border = { path, tiles };
  borders.set(mask, border);
  return border;
}

/** Rectangles of document pixels that hold the outline of a selection. */
export function outlineTiles(mask: SelectionMask): readonly Rect[] {
  return borderOf(mask).tiles;
}

/** The borders above and to the left of each pixel of a rectangle; false where none can be. */
function traceTile(mask: SelectionMask, part: Rect, path: Path2D): boolean {
  const around = { x: part.x - 1, y: part.y - 1, width: part.width + 1, height: part.height + 1 };
  if (mask.uniformIn(around) !== undefined) return false;
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
  return true;
}

let stripes: CanvasPattern | null = null;

/** Diagonal black and white stripes: dashes along any border, however short the pieces it is made of. */
function stripePattern(context: CanvasRenderingContext2D): CanvasPattern | null {
  if (stripes) return stripes;
  const edge = STRIPE_PERIOD;
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
  phase: number,
): void {
  const pattern = stripePattern(context);
  if (!pattern) return;
  // Stripes belong to the screen, not to the document.
  pattern.setTransform(new DOMMatrix([...viewMatrix(view)]).inverse().translate(phase, 0));
  context.lineWidth = scale / view.zoom;
  context.strokeStyle = pattern;
  context.stroke(path);
}

/**
 * Outlines what is selected, and the line being drawn, in black and white stripes that any picture shows.
 * @param phase how far the stripes have moved, in screen pixels.
 */
export function drawSelection(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  mask: SelectionMask | null,
  draft: readonly Point[],
  scale: number,
  phase: number,
): void {
  context.save();
  context.setTransform(...viewMatrix(view));
  if (mask) strokeStriped(context, view, borderOf(mask).path, scale, phase);
  if (draft.length > 1) {
    const path = new Path2D();
    for (const { x, y } of draft) path.lineTo(x, y);
    path.closePath();
    strokeStriped(context, view, path, scale, phase);
  }
  context.restore();
}
