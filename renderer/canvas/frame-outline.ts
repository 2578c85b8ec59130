import type { Rect } from '../engine/geometry/rect.ts';
import { toScreen, type ViewTransform } from './view-transform.ts';

/** Outlines the rectangle that is generated with a black and a white line side by side, visible on any picture. */
export function drawFrameOutline(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  frame: Rect,
  scale: number,
): void {
  const corners = [
    { x: frame.x, y: frame.y },
    { x: frame.x + frame.width, y: frame.y },
    { x: frame.x + frame.width, y: frame.y + frame.height },
    { x: frame.x, y: frame.y + frame.height },
  ].map((corner) => toScreen(view, corner));
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  for (const { x, y } of corners) context.lineTo(Math.round(x), Math.round(y));
  context.closePath();
  context.lineWidth = 3 * scale;
  context.strokeStyle = '#000000';
  context.stroke();
  context.lineWidth = scale;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.restore();
}
