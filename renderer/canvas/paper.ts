import { screenBounds, toDocument, viewMatrix, type ViewTransform } from './view-transform.ts';

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
  const corners = [
    toDocument(view, { x: 0, y: 0 }),
    toDocument(view, { x: screen.width, y: 0 }),
    toDocument(view, { x: 0, y: screen.height }),
    toDocument(view, { x: screen.width, y: screen.height }),
  ];
  const x0 = Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner.x))));
  const x1 = Math.min(width, Math.ceil(Math.max(...corners.map((corner) => corner.x))));
  const y0 = Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner.y))));
  const y1 = Math.min(height, Math.ceil(Math.max(...corners.map((corner) => corner.y))));
  context.save();
  context.setTransform(...viewMatrix(view));
  context.lineWidth = 1 / view.zoom;
  context.strokeStyle = 'rgb(128 128 128 / 35%)';
  context.beginPath();
  for (let x = x0; x <= x1; x++) {
    context.moveTo(x, y0);
    context.lineTo(x, y1);
  }
  for (let y = y0; y <= y1; y++) {
    context.moveTo(x0, y);
    context.lineTo(x1, y);
  }
  context.stroke();
  context.restore();
}
