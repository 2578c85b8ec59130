import { isConvex } from '../../engine/transform/projective.ts';
import { useView } from '../../canvas/view-store.ts';
import { pendingAct } from '../../state/pending-act.ts';
import { useTransform } from '../../state/transform-store.ts';
import type { BeginDrag } from '../tool.ts';
import { dragQuad, quadGripAt } from './drag-quad.ts';
import { Snapping } from '../snapping.ts';
import { snapQuad } from './snap-quad.ts';
import { startTransform, transformedLayers } from './transform-act.ts';

/** How near to a handle counts, in CSS px. */
const REACH = 12;
/** Two taps within this time apply, milliseconds. */
const DOUBLE = 350;

let lastTap = Number.NEGATIVE_INFINITY;

/** Drags the figure around what is transformed: corners scale, sides stretch, inside moves, outside turns. */
export const beginTransform: BeginDrag = ({ session }, start) => {
  if (!useTransform.getState().quad && !startTransform(session)) return null;
  const { quad: before } = useTransform.getState();
  if (!before) return null;
  const { view, scale } = useView.getState();
  const grip = quadGripAt(before, start, (REACH * scale) / view.zoom);
  let moved = false;
  const snapping = new Snapping(session, transformedLayers(session));
  return {
    move(points) {
      const last = points.at(-1);
      if (!last) return;
      moved ||= Math.hypot(last.screenX - start.screenX, last.screenY - start.screenY) > 3;
      const { straight, alternate, command = false } = last;
      const to = snapQuad(before, grip, start, last, snapping);
      const quad = dragQuad(before, grip, start, to, { straight, alternate, command });
      if (moved && isConvex(quad)) useTransform.setState({ quad });
    },
    end() {
      snapping.stop();
      if (moved) return;
      if (grip.kind === 'inside' && start.time - lastTap < DOUBLE) pendingAct.getState().act?.apply();
      lastTap = start.time;
    },
    cancel() {
      snapping.stop();
      useTransform.setState({ quad: before });
    },
  };
};
