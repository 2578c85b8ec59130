import { isConvex } from '../../engine/transform/projective.ts';
import { moveHandles, moveMesh } from '../../engine/transform/warp-mesh.ts';
import { useView } from '../../canvas/view-store.ts';
import { pendingAct } from '../../state/pending-act.ts';
import { useTransform } from '../../state/transform-store.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag, ToolDrag, ToolPoint } from '../tool.ts';
import { dragQuad, quadGripAt } from './drag-quad.ts';
import { snapQuad } from './snap-quad.ts';
import { transformedLayers } from './take-up.ts';
import { startTransform } from './transform-act.ts';

/** How near to a handle counts, in CSS px. */
const REACH = 12;
/** Two taps within this time apply, milliseconds. */
const DOUBLE = 350;

let lastTap = Number.NEGATIVE_INFINITY;

interface Grip {
  readonly start: ToolPoint;
  readonly inside: boolean;
  readonly snapping: Snapping;
  readonly drag: (last: ToolPoint) => void;
  readonly undo: () => void;
}

/** A drag of a few pixels at least does something; two taps inside apply. */
function gripped({ start, inside, snapping, drag, undo }: Grip): ToolDrag {
  let moved = false;
  return {
    move(points) {
      const last = points.at(-1);
      if (!last) return;
      moved ||= Math.hypot(last.screenX - start.screenX, last.screenY - start.screenY) > 3;
      if (moved) drag(last);
    },
    end() {
      snapping.stop();
      if (moved) return;
      if (inside && start.time - lastTap < DOUBLE) pendingAct.getState().act?.apply();
      lastTap = start.time;
    },
    cancel() {
      snapping.stop();
      undo();
    },
  };
}

/**
 * Takes hold of a handle, and of those that were chosen before when it is one of them. @param adds Shift: it joins them, or
 * leaves them.
 * @returns the handles that move.
 */
function choose(handle: number, adds: boolean): readonly number[] {
  const { chosen } = useTransform.getState();
  const has = chosen.includes(handle);
  const now = adds
    ? has
      ? chosen.filter((each) => each !== handle)
      : [...chosen, handle]
    : has
      ? chosen
      : [];
  useTransform.setState({ handle, chosen: now });
  return now.includes(handle) ? now : [handle];
}

function dragMesh(start: ToolPoint, reach: number, snapping: Snapping): ToolDrag | null {
  const { mesh } = useTransform.getState();
  if (!mesh) return null;
  const near = mesh.points.map((point) => Math.hypot(point.x - start.x, point.y - start.y));
  const index = near.indexOf(Math.min(...near));
  const held = (near[index] as number) <= reach;
  const together = held ? choose(index, start.straight) : [];
  const drag = (last: ToolPoint): void => {
    const dx = last.x - start.x;
    const dy = last.y - start.y;
    const sideways = Math.abs(dx) >= Math.abs(dy);
    const by = last.straight ? { x: sideways ? dx : 0, y: sideways ? 0 : dy } : { x: dx, y: dy };
    const from = mesh.points[index];
    if (!held || !from) {
      useTransform.setState({ mesh: moveMesh(mesh, Math.round(by.x), Math.round(by.y)) });
      return;
    }
    const to = snapping.point({ ...last, x: from.x + by.x, y: from.y + by.y });
    useTransform.setState({ mesh: moveHandles(mesh, together, { x: to.x - from.x, y: to.y - from.y }) });
  };
  return gripped({ start, inside: !held, snapping, drag, undo: () => useTransform.setState({ mesh }) });
}

/**
 * Drags the figure around what is transformed: corners scale, sides stretch, inside moves, outside turns. Of a mesh it drags
 * the handle that was pressed, with Shift several together, or the whole.
 */
export const beginTransform: BeginDrag = ({ session }, start) => {
  if (!useTransform.getState().quad && !startTransform(session)) return null;
  const { quad: before, mesh } = useTransform.getState();
  if (!before) return null;
  const { view, scale } = useView.getState();
  const reach = (REACH * scale) / view.zoom;
  const snapping = new Snapping(session, transformedLayers(session));
  if (mesh) return dragMesh(start, reach, snapping);
  const held = quadGripAt(before, start, reach);
  const drag = (last: ToolPoint): void => {
    const { straight, alternate, command = false } = last;
    const to = snapQuad(before, held, start, last, snapping);
    const quad = dragQuad(before, held, start, to, { straight, alternate, command });
    if (isConvex(quad)) useTransform.setState({ quad });
  };
  const undo = (): void => useTransform.setState({ quad: before });
  return gripped({ start, inside: held.kind === 'inside', snapping, drag, undo });
};
