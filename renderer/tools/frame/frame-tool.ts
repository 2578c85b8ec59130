import type { Rect } from '../../engine/geometry/rect.ts';
import { setFrame, useGeneration } from '../../generation/generation-store.ts';
import { useView } from '../../canvas/view-store.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { dragFrame, frameBetween, type FrameGrip, gripAt, landing } from './frame-drag.ts';

/** Edges land on these multiples of document pixels: plain, with Shift, with Alt. */
const STEP = 64;
const FINE_STEP = 8;
const FREE_STEP = 1;
/** How near to an edge counts, in CSS px. */
const REACH = 12;

function stepOf({ straight, alternate }: ToolPoint): number {
  return alternate ? FREE_STEP : straight ? FINE_STEP : STEP;
}

/** Places where dragged edges rest on guides, grid, canvas and layers; of a frame that is moved, where its corner comes. */
function restsOf(
  snapping: Snapping,
  frame: Rect,
  grip: FrameGrip,
  dx: number,
  dy: number,
  point: ToolPoint,
): { readonly x: number | null; readonly y: number | null } {
  if (grip.left && grip.right && grip.top && grip.bottom) {
    const moved = { ...frame, x: frame.x + dx, y: frame.y + dy };
    const rest = snapping.rect(moved, point);
    return {
      x: rest.x === null ? null : moved.x + rest.dx,
      y: rest.y === null ? null : moved.y + rest.dy,
    };
  }
  const x = grip.left ? frame.x + dx : grip.right ? frame.x + frame.width + dx : null;
  const y = grip.top ? frame.y + dy : grip.bottom ? frame.y + frame.height + dy : null;
  return snapping.edges(x, y, point);
}

/**
 * Draws, moves and resizes the rectangle that is generated. Edges land on steps that models like, and before those on what
 * other tools rest on too.
 */
export const beginFrame: BeginDrag = ({ session }, start) => {
  const { frame: before } = useGeneration.getState();
  const { view, scale } = useView.getState();
  const canvas = { width: session.document.width, height: session.document.height };
  const grip = before && gripAt(before, start.x, start.y, (REACH * scale) / view.zoom);
  const snapping = new Snapping(session);
  const first = landing(stepOf(start), snapping.edges(start.x, start.y, start));
  const at = (point: ToolPoint): Rect => {
    const step = stepOf(point);
    if (!before || !grip)
      return frameBetween(
        start,
        point,
        first,
        landing(step, snapping.edges(point.x, point.y, point)),
        canvas,
      );
    const dx = point.x - start.x;
    const dy = point.y - start.y;
    return dragFrame(
      before,
      grip,
      dx,
      dy,
      landing(step, restsOf(snapping, before, grip, dx, dy, point)),
      canvas,
    );
  };
  return {
    move(points) {
      const last = points.at(-1);
      if (last) setFrame(at(last));
    },
    end: () => snapping.stop(),
    cancel() {
      snapping.stop();
      setFrame(before);
    },
  };
};
