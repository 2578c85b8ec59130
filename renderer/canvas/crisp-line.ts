import { type Point, toDocument, toScreen, type ViewTransform } from './view-transform.ts';

/** Where a line of `width` device pixels has to stand so that it fills whole ones. */
function settle(value: number, width: number): number {
  return Math.round(width) % 2 === 1 ? Math.floor(value) + 0.5 : Math.round(value);
}

/** Draws a line in device pixels; a level or upright one fills whole pixels, on every screen. */
function strokeCrisp(context: CanvasRenderingContext2D, from: Point, to: Point, width: number): void {
  const upright = Math.abs(from.x - to.x) < 1e-3;
  const level = Math.abs(from.y - to.y) < 1e-3;
  const x = settle(from.x, width);
  const y = settle(from.y, width);
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(upright ? x : from.x, level ? y : from.y);
  context.lineTo(upright ? x : to.x, level ? y : to.y);
  context.stroke();
}

/** A line between two places of the document in one colour. @param width in device pixels. */
export function drawPlainLine(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  from: Point,
  to: Point,
  width: number,
): void {
  strokeCrisp(context, toScreen(view, from), toScreen(view, to), width);
}

/** A line between two places of the document in black and white side by side, seen on every picture. */
export function drawContrastLine(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  from: Point,
  to: Point,
  width: number,
): void {
  const a = toScreen(view, from);
  const b = toScreen(view, to);
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const across = { x: (-(b.y - a.y) / length) * width, y: ((b.x - a.x) / length) * width };
  for (const [colour, side] of [
    ['#000000', 0],
    ['#ffffff', 1],
  ] as const) {
    context.strokeStyle = colour;
    const shift = ({ x, y }: Point): Point => ({ x: x + Math.abs(across.x) * side, y: y + across.y * side });
    strokeCrisp(context, shift(a), shift(b), width);
  }
}

/** The part of the document that a screen of this size may show. */
export function seenPart(
  view: ViewTransform,
  screen: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  const corners = [
    { x: 0, y: 0 },
    { x: screen.width, y: 0 },
    { x: 0, y: screen.height },
    { x: screen.width, y: screen.height },
  ].map((corner) => toDocument(view, corner));
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
