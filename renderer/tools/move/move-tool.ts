import type { Change } from '../../engine/changes.ts';
import { EngineError } from '../../engine/error.ts';
import { EMPTY_RECT, isEmptyRect, unionRect, type Rect } from '../../engine/geometry/rect.ts';
import { outermost } from '../../engine/layers/several-layers.ts';
import type { Layer } from '../../engine/layers/layer.ts';
import { usedBounds } from '../../engine/tiles/used-bounds.ts';
import type { Lifted } from '../../engine/transform/lift.ts';
import { shiftLayerChanges } from '../../engine/transform/shift-layer.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { tell } from '../../state/status-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { dragGuide, guideAt } from '../guides/drag-guide.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag, ToolDrag, ToolPoint } from '../tool.ts';
import { takeUp } from '../transform/take-up.ts';
import { moveSelected, recordSelectedMove } from './move-selected.ts';

/** What is selected of a layer, taken up; null where that cannot be or is nothing (why has been said). */
function selectedPart(session: DocumentSession, layer: Layer): Lifted[] | null {
  try {
    const lifted = takeUp(session);
    if (lifted.length > 0) return lifted;
    tell({ level: 'info', message: `Nothing of "${layer.record.name}" is selected.`, remedy: '' });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layer.record.id, error);
  }
  return null;
}

/** What is moved together: the chosen layers, and of groups all that stands in them; an unlinked mask that is worked on goes alone. */
function layersToMove({ document, activePlane, chosenLayerIds }: DocumentSession, active: Layer): Layer[] {
  const { mask } = active.record;
  if (activePlane === 'mask' && !mask?.linked) return [active];
  return outermost(document, chosenLayerIds).flatMap((id) => [...document.layers.subtree(id)]);
}

function changesOfMove(session: DocumentSession, layer: Layer, dx: number, dy: number): Change[] {
  return layersToMove(session, layer).flatMap((each) =>
    shiftLayerChanges(each, each === layer ? session.activePlane : 'pixels', dx, dy),
  );
}

function recordMove(session: DocumentSession, { record }: Layer, changes: readonly Change[]): void {
  const { length } = session.chosenLayerIds;
  const name = length > 1 ? `${length} layers` : record.name;
  if (changes.length > 0) session.record(`Move ${name}`.slice(0, 200), changes);
  else tell({ level: 'info', message: `"${record.name}" holds nothing that moves.`, remedy: '' });
}

function moveLayers(session: DocumentSession, layer: Layer, start: ToolPoint): ToolDrag {
  const { document } = session;
  const layers = layersToMove(session, layer);
  const snapping = new Snapping(
    session,
    layers.map(({ record }) => record.id),
  );
  const source = layers.reduce<Rect>((all, { tiles }) => unionRect(all, usedBounds(tiles)), EMPTY_RECT);
  let applied: Change[] | null = null;
  let last = { dx: 0, dy: 0 };
  const takeBack = (): void => {
    if (applied) document.apply(applied);
    applied = null;
  };
  const shift = (point: ToolPoint): typeof last => {
    const free = { dx: Math.round(point.x - start.x), dy: Math.round(point.y - start.y) };
    if (isEmptyRect(source)) return free;
    const rest = snapping.rect({ ...source, x: source.x + free.dx, y: source.y + free.dy }, point);
    return { dx: Math.round(free.dx + rest.dx), dy: Math.round(free.dy + rest.dy) };
  };
  return {
    move(points) {
      const point = points.at(-1);
      if (!point) return;
      const next = shift(point);
      if (next.dx === last.dx && next.dy === last.dy) return;
      takeBack();
      last = next;
      applied = document.apply(changesOfMove(session, layer, next.dx, next.dy));
    },
    end() {
      snapping.stop();
      takeBack();
      if (last.dx === 0 && last.dy === 0) return;
      recordMove(session, layer, changesOfMove(session, layer, last.dx, last.dy));
    },
    cancel() {
      snapping.stop();
      takeBack();
    },
  };
}

/** The active layer, when it may be moved; null where it may not (why has been said). */
function movable(session: DocumentSession): Layer | null {
  const { activeLayerId, document } = session;
  const layer = activeLayerId === null ? undefined : document.layers.find(activeLayerId);
  if (!layer) {
    tell({ level: 'info', message: 'Choose a layer to move.', remedy: '' });
    return null;
  }
  const locked = layersToMove(session, layer).find(({ record }) => record.locked)?.record;
  if (locked)
    tell({ level: 'warn', message: `"${locked.name}" is locked; unlock it to move it.`, remedy: '' });
  return locked ? null : layer;
}

/** Moves by whole pixels what a drag would move, as one step. */
export function nudge(session: DocumentSession, dx: number, dy: number): void {
  const layer = movable(session);
  if (!layer) return;
  const { mask } = session.selection;
  if (!mask) {
    recordMove(session, layer, changesOfMove(session, layer, dx, dy));
    return;
  }
  const lifted = selectedPart(session, layer);
  if (lifted) recordSelectedMove(session, mask, lifted, { dx, dy });
}

/**
 * Moves a guide that is pointed at; else what is selected of the active layer; else the chosen layers, or all of a group, and
 * masks that are linked. One drag is one step of history.
 */
export const beginMove: BeginDrag = ({ session }, start) => {
  const guide = guideAt(session, start);
  const held = session.aids.now.guides[guide];
  if (held) return dragGuide(session, guide, held.direction);
  const layer = movable(session);
  if (!layer) return null;
  const { mask } = session.selection;
  if (!mask) return moveLayers(session, layer, start);
  const lifted = selectedPart(session, layer);
  return lifted && moveSelected(session, mask, lifted, start);
};
