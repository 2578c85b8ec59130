import type { Change } from '../../engine/changes.ts';
import { shiftLayerChanges } from '../../engine/transform/shift-layer.ts';
import { tell } from '../../state/status-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';

/** Moves the active layer's pixels, and its mask where that is linked; one drag is one step of history. */
export const beginMove: BeginDrag = ({ session }, start) => {
  const layerId = session.activeLayerId;
  const layer = layerId === null ? undefined : session.document.layers.find(layerId);
  if (!layer || layer.record.kind === 'group') {
    tell({ level: 'info', message: 'Choose a layer with pixels to move.', remedy: '' });
    return null;
  }
  if (layer.record.locked) {
    tell({ level: 'warn', message: `"${layer.record.name}" is locked; unlock it to move it.`, remedy: '' });
    return null;
  }
  const { document, activePlane } = session;
  let applied: Change[] | null = null;
  let last = { dx: 0, dy: 0 };
  const takeBack = (): void => {
    if (applied) document.apply(applied);
    applied = null;
  };
  const shift = (point: ToolPoint): { dx: number; dy: number } => ({
    dx: Math.round(point.x - start.x),
    dy: Math.round(point.y - start.y),
  });
  return {
    move(points) {
      const point = points.at(-1);
      if (!point) return;
      const next = shift(point);
      if (next.dx === last.dx && next.dy === last.dy) return;
      takeBack();
      last = next;
      applied = document.apply(shiftLayerChanges(layer, activePlane, next.dx, next.dy));
    },
    end() {
      takeBack();
      if (last.dx === 0 && last.dy === 0) return;
      const changes = shiftLayerChanges(layer, activePlane, last.dx, last.dy);
      if (changes.length > 0) session.record(`Move ${layer.record.name}`, changes);
      else tell({ level: 'info', message: `"${layer.record.name}" holds nothing that moves.`, remedy: '' });
    },
    cancel: takeBack,
  };
};
