import { changeView, useView } from '../canvas/view-store.ts';
import { type Point, rotateAbout } from '../canvas/view-transform.ts';
import type { ToolDrag, ToolPoint } from '../tools/tool.ts';

/** Degrees that Shift turns by. */
const STEP = 15;

/** A drag that turns the view about its middle, as a hand turns a sheet of paper; Shift turns by 15°. */
export function beginTurnDrag(from: Point): ToolDrag {
  const { view: before, screenWidth, screenHeight } = useView.getState();
  const centre = { x: screenWidth / 2, y: screenHeight / 2 };
  const angleOf = (point: Point): number => Math.atan2(point.y - centre.y, point.x - centre.x);
  const start = angleOf(from);
  return {
    move(points: readonly ToolPoint[]) {
      const last = points.at(-1);
      if (!last) return;
      const turned = angleOf({ x: last.screenX, y: last.screenY }) - start;
      const step = (STEP * Math.PI) / 180;
      const rotation = before.rotation + turned;
      const snapped = last.straight ? Math.round(rotation / step) * step : rotation;
      changeView(() => rotateAbout(before, centre, snapped - before.rotation));
    },
    end: () => undefined,
    cancel: () => changeView(() => before),
  };
}
