import type { Change } from '../../engine/changes.ts';
import { isEmptyRect } from '../../engine/geometry/rect.ts';
import { usedBounds } from '../../engine/tiles/used-bounds.ts';
import { shiftLayerChanges } from '../../engine/transform/shift-layer.ts';
import { tell } from '../../state/status-store.ts';
import { dragGuide, guideAt } from '../guides/drag-guide.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';

/** Moves a guide that is pointed at, else the active layer's pixels, and its mask where that is linked; one drag is one step of history. */
export const beginMove: BeginDrag = ({ session }, start) => {
  const guide = guideAt(session, start);
  const held = session.aids.now.guides[guide];
  if (held) return dragGuide(session, guide, held.direction);
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
  const snapping = new Snapping(session, [layer.record.id]);
  const source = usedBounds(layer.tiles);
  const takeBack = (): void => {
    if (applied) document.apply(applied);
    applied = null;
  };
  const shift = (point: ToolPoint): { dx: number; dy: number } => {
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
      applied = document.apply(shiftLayerChanges(layer, activePlane, next.dx, next.dy));
    },
    end() {
      snapping.stop();
      takeBack();
      if (last.dx === 0 && last.dy === 0) return;
      const changes = shiftLayerChanges(layer, activePlane, last.dx, last.dy);
      if (changes.length > 0) session.record(`Move ${layer.record.name}`, changes);
      else tell({ level: 'info', message: `"${layer.record.name}" holds nothing that moves.`, remedy: '' });
    },
    cancel() {
      snapping.stop();
      takeBack();
    },
  };
};
