import { changeView } from '../../canvas/view-store.ts';
import { panBy } from '../../canvas/view-transform.ts';
import type { BeginDrag } from '../tool.ts';

/** Moves the view with the pointer; the document stays as it is. */
export const beginPan: BeginDrag = (_host, point) => {
  let { screenX, screenY } = point;
  return {
    move(points) {
      const last = points.at(-1);
      if (!last) return;
      const dx = last.screenX - screenX;
      const dy = last.screenY - screenY;
      ({ screenX, screenY } = last);
      changeView((view) => panBy(view, dx, dy));
    },
    end: () => undefined,
    cancel: () => undefined,
  };
};
