import { changeView, useView } from '../canvas/view-store.ts';
import { type Point, zoomAbout } from '../canvas/view-transform.ts';
import type { ToolDrag } from '../tools/tool.ts';

/** Device-independent pixels to the right that double the zoom. */
const DOUBLE = 120;

/** A drag that zooms about where it began: right and up is nearer. */
export function beginZoomDrag(from: Point): ToolDrag {
  const { view: before, scale } = useView.getState();
  return {
    move(points) {
      const last = points.at(-1);
      if (!last) return;
      const way = (last.screenX - from.x - (last.screenY - from.y)) / scale;
      changeView(() => zoomAbout(before, from, before.zoom * 2 ** (way / DOUBLE)));
    },
    end: () => undefined,
    cancel: () => changeView(() => before),
  };
}
