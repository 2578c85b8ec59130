import type { Rect } from '../../engine/geometry/rect.ts';
import { mapSelection } from '../../engine/selection/map-selection.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { translation } from '../../engine/transform/affine.ts';
import type { Lifted } from '../../engine/transform/lift.ts';
import { placeProjected } from '../../engine/transform/place-projected.ts';
import { placeChanges, placeOverlay, type Placing } from '../../engine/transform/put-down.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { Snapping } from '../snapping.ts';
import type { ToolDrag, ToolPoint } from '../tool.ts';
import { sourceOf, transformedLayers } from '../transform/take-up.ts';

interface Shift {
  readonly dx: number;
  readonly dy: number;
}

function shifted(lifted: Lifted, { dx, dy }: Shift): { bounds: Rect; at: Placing } {
  const { rect } = lifted;
  return {
    bounds: { ...rect, x: rect.x + dx, y: rect.y + dy },
    at: placeProjected(lifted, [1, 0, dx, 0, 1, dy, 0, 0, 1], 'nearest'),
  };
}

function shiftedSelection({ document }: DocumentSession, mask: SelectionMask, { dx, dy }: Shift) {
  return mapSelection(mask, translation(dx, dy), document.canvas);
}

/** Moves what was taken up of a selection, and the selection with it, as one step. */
export function recordSelectedMove(
  session: DocumentSession,
  mask: SelectionMask,
  lifted: readonly Lifted[],
  shift: Shift,
): void {
  const { document, selection } = session;
  const changes = lifted.flatMap((each) => {
    const { bounds, at } = shifted(each, shift);
    return placeChanges(document, each, bounds, at);
  });
  const selected = selection.changesFor(shiftedSelection(session, mask, shift)) ?? [];
  session.record('Move selected pixels', [...changes, ...selected]);
}

/** Moves what was taken up of a selection, and the selection with it; one drag is one step of history. */
export function moveSelected(
  session: DocumentSession,
  mask: SelectionMask,
  lifted: readonly Lifted[],
  start: ToolPoint,
): ToolDrag {
  const { document, selection } = session;
  const source = sourceOf(lifted);
  const snapping = new Snapping(session, transformedLayers(session));
  let last: Shift = { dx: 0, dy: 0 };
  let frame = 0;
  const show = (): void => {
    frame = 0;
    for (const each of lifted) {
      const { bounds, at } = shifted(each, last);
      document.setOverlay(each.layerId, placeOverlay(document, each, bounds, at), each.plane);
    }
    selection.preview(shiftedSelection(session, mask, last));
  };
  const takeBack = (): void => {
    cancelAnimationFrame(frame);
    snapping.stop();
    for (const { layerId, plane } of lifted) document.setOverlay(layerId, null, plane);
    selection.preview(mask);
  };
  return {
    move(points) {
      const point = points.at(-1);
      if (!point) return;
      const free = { dx: Math.round(point.x - start.x), dy: Math.round(point.y - start.y) };
      const rest = snapping.rect({ ...source, x: source.x + free.dx, y: source.y + free.dy }, point);
      last = { dx: Math.round(free.dx + rest.dx), dy: Math.round(free.dy + rest.dy) };
      frame ||= requestAnimationFrame(show);
    },
    end() {
      takeBack();
      if (last.dx === 0 && last.dy === 0) return;
      recordSelectedMove(session, mask, lifted, last);
    },
    cancel: takeBack,
  };
}
