import type { Rect } from '../../engine/geometry/rect.ts';
import { quadOf } from '../../engine/transform/projective.ts';
import { useView } from '../../canvas/view-store.ts';
import { pendingAct, setPendingAct } from '../../state/pending-act.ts';
import type { BeginDrag, ToolHost, ToolPoint } from '../tool.ts';
import { gripAt, type FrameGrip } from '../frame/frame-drag.ts';
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

/** Draws, moves and resizes what is to stay of the picture; it may reach beyond it. Enter crops, Esc drops it. */
export const beginCrop: BeginDrag = (host, start) => {
  const before = pendingAct.getState().act && waiting?.host.session === host.session ? waiting.rect : null;
  const { view, scale } = useView.getState();
  const grip: FrameGrip | null = before && gripAt(before, start.x, start.y, (REACH * scale) / view.zoom);
  const at = (point: ToolPoint): Rect => dragCrop(before, grip, start, point);
  return {
    move(points) {
      const last = points.at(-1);
      if (last) show(host, at(last));
    },
    end: () => undefined,
    cancel() {
      if (before) show(host, before);
      else pendingAct.getState().act?.cancel();
    },
  };
};
