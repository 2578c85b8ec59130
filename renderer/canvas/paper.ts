import { drawPlainLine, seenPart } from './crisp-line.ts';
import { screenBounds, viewMatrix, type ViewTransform } from './view-transform.ts';

/** Zoom from which single pixels are ruled off: 800%, which twelve steps of zooming reach but for rounding. */
const GRID_FROM = 8 - 1e-6;
const CHECK = 8;

let pattern: CanvasPattern | null = null;

function checkPattern(context: CanvasRenderingContext2D): CanvasPattern | null {
  if (pattern) return pattern;
  const tile = new OffscreenCanvas(CHECK * 2, CHECK * 2);
  const pen = tile.getContext('2d');
  if (!pen) return null;
  pen.fillStyle = '#c8c8c8';
  pen.fillRect(0, 0, CHECK * 2, CHECK * 2);
  pen.fillStyle = '#b0b0b0';
  pen.fillRect(0, 0, CHECK, CHECK);
  pen.fillRect(CHECK, CHECK, CHECK, CHECK);
  pattern = context.createPattern(tile, 'repeat');
  return pattern;
}

/** Lays a neutral checkerboard of 8 screen pixels under the document, where transparency shows it. */
export function drawTransparency(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  width: number,
  height: number,
): void {
  context.save();
  context.setTransform(...viewMatrix(view));
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  context.setTransform(1, 0, 0, 1, 0, 0);
  const fill = checkPattern(context);
  if (fill) {
    const bounds = screenBounds(view, { x: 0, y: 0, width, height });
    context.fillStyle = fill;
    context.fillRect(bounds.x, bounds.y, bounds.width, bounds.height);
  }
  context.restore();
}

/** Rules off single pixels from 800% on, where they are seen. */
export function drawPixelGrid(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  width: number,
  height: number,
  screen: { readonly width: number; readonly height: number },
): void {
  if (view.zoom < GRID_FROM) return;
  const seen = seenPart(view, screen);
  const x0 = Math.max(0, Math.floor(seen.left));
  const x1 = Math.min(width, Math.ceil(seen.right));
  const y0 = Math.max(0, Math.floor(seen.top));
  const y1 = Math.min(height, Math.ceil(seen.bottom));
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.strokeStyle = 'rgb(128 128 128 / 35%)';
  for (let x = x0; x <= x1; x++) drawPlainLine(context, view, { x, y: y0 }, { x, y: y1 }, 1);
  for (let y = y0; y <= y1; y++) drawPlainLine(context, view, { x: x0, y }, { x: x1, y }, 1);
  context.restore();
}
