import type { Rect } from '../../engine/geometry/rect.ts';
import { quadOf } from '../../engine/transform/projective.ts';
import { useView } from '../../canvas/view-store.ts';
import { pendingAct, setPendingAct } from '../../state/pending-act.ts';
import type { BeginDrag, ToolHost, ToolPoint } from '../tool.ts';
import { gripAt, type FrameGrip } from '../frame/frame-drag.ts';
import { Snapping } from '../snapping.ts';
import { dragCrop } from './drag-crop.ts';

/** How near to an edge counts, in CSS px. */
const REACH = 12;

/** What is to stay, while it waits for Enter. */
let waiting: { readonly host: ToolHost; readonly rect: Rect } | null = null;

function show(host: ToolHost, rect: Rect): void {
  const outline = quadOf(rect);
  const drop = (): void => {
    waiting = null;
    setPendingAct(null);
  };
  setPendingAct({
    name: `Crop to ${rect.width} × ${rect.height}`,
    outline,
    handles: outline,
    onLeave: 'cancel',
    cancel: drop,
    apply() {
      drop();
      host.cropTo(rect);
    },
  });
  waiting = { host, rect };
}

/** The rectangle after a drag whose moving edges, or whose whole, come to rest on lines. */
function snapCrop(
  before: Rect | null,
  grip: FrameGrip | null,
  start: ToolPoint,
  point: ToolPoint,
  snapping: Snapping,
): Rect {
  if (!before || !grip) return dragCrop(before, grip, start, snapping.point(point));
  const free = dragCrop(before, grip, start, point);
  if (grip.left && grip.right && grip.top && grip.bottom) {
    const { dx, dy } = snapping.rect(free, point);
    return { ...free, x: Math.round(free.x + dx), y: Math.round(free.y + dy) };
  }
  const corner = {
    x: grip.left ? before.x : before.x + before.width,
    y: grip.top ? before.y : before.y + before.height,
  };
  const moved = { x: corner.x + point.x - start.x, y: corner.y + point.y - start.y };
  const rest = snapping.point({ ...point, ...moved });
  return dragCrop(before, grip, start, {
    ...point,
    x: point.x + rest.x - moved.x,
    y: point.y + rest.y - moved.y,
  });
}

/** Draws, moves and resizes what is to stay of the picture; it may reach beyond it. Enter crops, Esc drops it. */
export const beginCrop: BeginDrag = (host, start) => {
  const before = pendingAct.getState().act && waiting?.host.session === host.session ? waiting.rect : null;
  const { view, scale } = useView.getState();
  const grip: FrameGrip | null = before && gripAt(before, start.x, start.y, (REACH * scale) / view.zoom);
  const snapping = new Snapping(host.session);
  const at = (point: ToolPoint): Rect => snapCrop(before, grip, start, point, snapping);
  return {
    move(points) {
      const last = points.at(-1);
      if (last) show(host, at(last));
    },
    end: () => snapping.stop(),
    cancel() {
      snapping.stop();
      if (before) show(host, before);
      else pendingAct.getState().act?.cancel();
    },
  };
};
