import type { Point } from '../../engine/transform/affine.ts';
import type { ShapeSettings } from '../../state/tool-store.ts';

/** Pieces of a quarter of a circle of this radius: none longer than is seen. */
function piecesOf(radius: number): number {
  return Math.min(256, Math.max(4, Math.ceil(Math.sqrt(radius) * 3)));
}

/** A box by two corners, in document pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a drag encloses: Shift keeps both edges equal, Alt draws from the middle. */
export function boxOf(start: Point, end: Point, equal: boolean, centred: boolean): Box {
  let dx = end.x - start.x;
  let dy = end.y - start.y;
  if (equal) {
    const edge = Math.max(Math.abs(dx), Math.abs(dy));
    dx = edge * (dx < 0 ? -1 : 1);
    dy = edge * (dy < 0 ? -1 : 1);
  }
  const from = centred ? { x: start.x - dx, y: start.y - dy } : start;
  const to = { x: start.x + dx, y: start.y + dy };
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  };
}

/** The end of a line: Shift turns it to a multiple of 15°. */
export function lineEnd(start: Point, end: Point, snapped: boolean): Point {
  if (!snapped) return end;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const step = Math.PI / 12;
  const angle = Math.round(Math.atan2(end.y - start.y, end.x - start.x) / step) * step;
  return { x: start.x + length * Math.cos(angle), y: start.y + length * Math.sin(angle) };
}

/** Corners of a shape in a box, in order. */
export function shapePoints(settings: ShapeSettings, box: Box): Point[] {
  const rx = (box.right - box.left) / 2;
  const ry = (box.bottom - box.top) / 2;
  const cx = box.left + rx;
  const cy = box.top + ry;
  const at = (turn: number, share: number): Point => ({
    x: cx + rx * share * Math.cos(turn),
    y: cy + ry * share * Math.sin(turn),
  });
  const around = (count: number, share: (i: number) => number): Point[] =>
    Array.from({ length: count }, (_, i) => at(-Math.PI / 2 + (i * 2 * Math.PI) / count, share(i)));
  switch (settings.kind) {
    case 'line':
      return [
        { x: box.left, y: box.top },
        { x: box.right, y: box.bottom },
      ];
    case 'rectangle':
      return roundedRectangle(box, Math.min(settings.rounding, rx, ry));
    case 'ellipse':
      return around(piecesOf(Math.max(rx, ry)) * 4, () => 1);
    case 'polygon':
      return around(settings.corners, () => 1);
    case 'star':
      return around(settings.corners * 2, (i) => (i % 2 === 0 ? 1 : settings.inner));
  }
}

function roundedRectangle({ left, top, right, bottom }: Box, radius: number): Point[] {
  const centres = [
    { x: right - radius, y: top + radius, turn: -Math.PI / 2 },
    { x: right - radius, y: bottom - radius, turn: 0 },
    { x: left + radius, y: bottom - radius, turn: Math.PI / 2 },
    { x: left + radius, y: top + radius, turn: Math.PI },
  ];
  const pieces = radius > 0 ? piecesOf(radius) : 0;
  return centres.flatMap(({ x, y, turn }) =>
    Array.from({ length: pieces + 1 }, (_, i) => {
      const angle = turn + (pieces === 0 ? 0 : ((i / pieces) * Math.PI) / 2);
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
    }),
  );
}
