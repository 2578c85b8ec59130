import type { DrawingRuler } from '../engine/aids/aids.ts';
import { drawContrastLine, seenPart } from './crisp-line.ts';
import { type Point, toScreen, type ViewTransform } from './view-transform.ts';

/** Size of a handle in CSS px. */
const HANDLE = 10;
/** Lines that show where a vanishing point draws. */
const SPOKES = 24;

/** Draws lines, horizons and the lines that meet at vanishing points; a ruler that is off has handles only. */
export function drawDrawingRulers(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  rulers: readonly DrawingRuler[],
  screen: { readonly width: number; readonly height: number; readonly scale: number },
  edited: boolean,
): void {
  const { left, top, right, bottom } = seenPart(view, screen);
  const width = Math.max(1, Math.round(screen.scale));
  for (const ruler of rulers) {
    const [first, second] = ruler.points;
    if (!ruler.on && !edited) continue;
    context.save();
    context.globalAlpha = ruler.on ? 0.8 : 0.35;
    if (ruler.kind === 'line' && first && second) {
      const length = Math.hypot(second.x - first.x, second.y - first.y) || 1;
      const far = (Math.hypot(right - left, bottom - top) * 4 + length) / length;
      const at = (t: number): Point => ({
        x: first.x + (second.x - first.x) * t,
        y: first.y + (second.y - first.y) * t,
      });
      context.setLineDash([4 * screen.scale, 4 * screen.scale]);
      drawContrastLine(context, view, at(-far), at(far), width);
      context.setLineDash([]);
      drawContrastLine(context, view, first, second, width);
    } else if (ruler.kind !== 'line') {
      if (ruler.kind !== 'perspective-1' && first && second)
        drawContrastLine(context, view, first, second, width);
      context.globalAlpha *= 0.45;
      for (const point of ruler.points) drawSpokes(context, view, point, { left, top, right, bottom }, width);
    }
    context.restore();
    if (edited) for (const point of ruler.points) drawHandle(context, toScreen(view, point), screen.scale);
  }
}

function drawSpokes(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  centre: Point,
  seen: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  width: number,
): void {
  const corners = [seen.left, seen.right].flatMap((x) => [seen.top, seen.bottom].map((y) => ({ x, y })));
  const reach = Math.max(...corners.map(({ x, y }) => Math.hypot(x - centre.x, y - centre.y)));
  for (let i = 0; i < SPOKES; i++) {
    const angle = (i / SPOKES) * 2 * Math.PI;
    const end = { x: centre.x + Math.cos(angle) * reach, y: centre.y + Math.sin(angle) * reach };
    drawContrastLine(context, view, centre, end, width);
  }
}

function drawHandle(context: CanvasRenderingContext2D, { x, y }: Point, scale: number): void {
  for (const [colour, radius] of [
    ['#000000', HANDLE / 2 + 1],
    ['#ffffff', HANDLE / 2],
    ['#000000', 1.5],
  ] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius * scale, 0, 2 * Math.PI);
    context.fill();
  }
}
