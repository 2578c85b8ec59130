import type { SelectionMode } from '../engine/selection/combine.ts';
import { selectPlane } from '../engine/selection/select-plane.ts';
import { holdsPixels } from '../engine/layers/layer-record.ts';
import type { PlaneName } from '../engine/layers/layer.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { tell } from '../state/status-store.ts';

/** Selects where a layer has pixels, or what its mask shows. */
export function selectLayer(
  session: DocumentSession,
  layerId: string | null,
  mode: SelectionMode,
  plane: PlaneName = 'pixels',
): void {
  const layer = layerId === null ? undefined : session.document.layers.find(layerId);
  if (!layer) return;
  if (plane === 'pixels' && !holdsPixels(layer.record.kind)) {
    tell({
      level: 'info',
      message: `"${layer.record.name}" has no pixels of its own to select.`,
      remedy: '',
    });
    return;
  }
  const mask = selectPlane(layer, plane, session.document.canvas);
  if (mask.bounds().width === 0) {
    tell({ level: 'info', message: `"${layer.record.name}" is empty: nothing was selected.`, remedy: '' });
    return;
  }
  session.selection.join(mask, mode, plane === 'pixels' ? 'Select pixels' : 'Select mask');
}
