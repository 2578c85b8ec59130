import type { Grid, Guide } from '../engine/aids/aids.ts';
import { drawContrastLine, drawPlainLine, seenPart } from './crisp-line.ts';
import type { ViewTransform } from './view-transform.ts';

interface Screen {
  readonly width: number;
  readonly height: number;
  /** Device pixels for one CSS pixel. */
  readonly scale: number;
}

/** Lines of a grid nearer than this, in CSS px, are left out. */
const CLOSEST = 5;

/** Draws guides across the whole screen. */
export function drawGuides(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  guides: readonly Guide[],
  screen: Screen,
): void {
  const { left, top, right, bottom } = seenPart(view, screen);
  const width = Math.max(1, Math.round(screen.scale));
  for (const { direction, position } of guides) {
    if (direction === 'vertical' && position >= left && position <= right)
      drawContrastLine(context, view, { x: position, y: top }, { x: position, y: bottom }, width);
    if (direction === 'horizontal' && position >= top && position <= bottom)
      drawContrastLine(context, view, { x: left, y: position }, { x: right, y: position }, width);
  }
}

/** Lines as far apart as they have to be so that they can be told from each other. */
function readableStep(step: number, zoom: number, scale: number): number {
  let wide = step;
  while (wide * zoom < CLOSEST * scale) wide *= 2;
  return wide;
}

/** Draws the grid over the canvas; parts are fainter, and what would run together is left out. */
export function drawGrid(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  grid: Grid,
  canvas: { readonly width: number; readonly height: number },
  screen: Screen,
): void {
  const seen = seenPart(view, screen);
  const [left, right] = [Math.max(0, seen.left), Math.min(canvas.width, seen.right)];
  const [top, bottom] = [Math.max(0, seen.top), Math.min(canvas.height, seen.bottom)];
  if (left >= right || top >= bottom) return;
  const line = Math.max(1, Math.round(screen.scale));
  const rule = (from: number, step: number, low: number, high: number, draw: (at: number) => void): void => {
    const wide = readableStep(step, view.zoom, screen.scale);
    for (let k = Math.ceil((low - from) / wide - 1e-9); from + k * wide <= high + 1e-9; k++)
      draw(from + k * wide);
  };
  const upright = (x: number): void => drawPlainLine(context, view, { x, y: top }, { x, y: bottom }, line);
  const level = (y: number): void => drawPlainLine(context, view, { x: left, y }, { x: right, y }, line);
  context.save();
  context.strokeStyle = grid.colour;
  const readable = (step: number): boolean => step * view.zoom >= CLOSEST * screen.scale;
  if (grid.subdivisions > 1) {
    context.globalAlpha = grid.opacity * 0.4;
    const [across, down] = [grid.width / grid.subdivisions, grid.height / grid.subdivisions];
    if (readable(across)) rule(grid.x, across, left, right, upright);
    if (readable(down)) rule(grid.y, down, top, bottom, level);
  }
  context.globalAlpha = grid.opacity;
  rule(grid.x, grid.width, left, right, upright);
  rule(grid.y, grid.height, top, bottom, level);
  context.restore();
}
