import type { Rect } from '../../engine/geometry/rect.ts';
import { setFrame, useGeneration } from '../../generation/generation-store.ts';
import { useView } from '../../canvas/view-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { dragFrame, frameBetween, gripAt } from './frame-drag.ts';

/** Edges land on these multiples of document pixels: plain, with Shift, with Alt. */
const STEP = 64;
const FINE_STEP = 8;
/** How near to an edge counts, in CSS px. */
const REACH = 12;

/** Draws, moves and resizes the rectangle that is generated. */
export const beginFrame: BeginDrag = ({ session }, start) => {
  const { frame: before } = useGeneration.getState();
  const { view, scale } = useView.getState();
  const canvas = { width: session.document.width, height: session.document.height };
  const grip = before && gripAt(before, start.x, start.y, (REACH * scale) / view.zoom);
  const at = (point: ToolPoint): Rect => {
    const step = point.straight ? FINE_STEP : STEP;
    return before && grip
      ? dragFrame(before, grip, point.x - start.x, point.y - start.y, step, canvas)
      : frameBetween(start, point, step, canvas);
  };
  return {
    move(points) {
      const last = points.at(-1);
      if (last) setFrame(at(last));
    },
    end: () => undefined,
    cancel: () => setFrame(before),
  };
};
