import { loupe, LOUPE_PIXELS } from '../state/loupe.ts';

/** Size of a pixel in the loupe, and widths of its rings, in CSS px. */
const PIXEL = 8;
const RING = { colours: 12, grey: 6 };
/** Distance of its middle from the pointer, so that the hand does not cover it. */
const LIFT = 84;

/** Draws the loupe: pixels around the pointer in a ring of the new colour over the former one, in neutral grey. @param scale device pixels a CSS px. */
export function drawLoupe(context: CanvasRenderingContext2D, scale: number): void {
  const { shown } = loupe.getState();
  if (!shown) return;
  const half = (LOUPE_PIXELS * PIXEL * scale) / 2;
  const outer = half + (RING.colours + RING.grey) * scale;
  const width = context.canvas.width;
  const x = Math.min(width - outer, Math.max(outer, shown.screenX));
  const above = shown.screenY - LIFT * scale;
  const y = above < outer ? shown.screenY + LIFT * scale : above;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  const disc = (radius: number, colour: string, from = 0, to = 2 * Math.PI): void => {
    context.beginPath();
    context.arc(x, y, radius, from, to);
    context.fillStyle = colour;
    context.fill();
  };
  disc(outer, '#777777');
  disc(half + RING.colours * scale, shown.fresh, Math.PI, 2 * Math.PI);
  disc(half + RING.colours * scale, shown.former, 0, Math.PI);
  context.beginPath();
  context.arc(x, y, half, 0, 2 * Math.PI);
  context.clip();
  const edge = PIXEL * scale;
  shown.around.forEach((colour, i) => {
    context.fillStyle = colour ?? '#595959';
    const left = x - half + (i % LOUPE_PIXELS) * edge;
    const top = y - half + Math.floor(i / LOUPE_PIXELS) * edge;
    context.fillRect(left, top, edge + 1, edge + 1);
  });
  for (const [colour, inset] of [
    ['#000000', 0],
    ['#ffffff', scale],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = scale;
    context.strokeRect(x - edge / 2 - inset, y - edge / 2 - inset, edge + 2 * inset, edge + 2 * inset);
  }
  context.restore();
}
