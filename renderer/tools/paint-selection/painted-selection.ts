import { PaintDocument } from '../../engine/document.ts';
import { layerRecord } from '../../engine/layers/layer-record.ts';
import { addMaskChanges } from '../../engine/mask/mask-changes.ts';
import { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { selectPlane } from '../../engine/selection/select-plane.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { usePaint } from '../../state/paint-store.ts';
import { announce } from '../../state/status-store.ts';
import { type PaintedSelection, paintedSelection } from '../../state/painted-selection.ts';

const LAYER = 'selection';

/** A document of one layer whose mask is the selection: brushes paint on it as on any mask. */
function begin(session: DocumentSession): PaintedSelection {
  const { width, height } = session.document;
  const sheet = new PaintDocument(width, height, [layerRecord({ id: LAYER })]);
  sheet.apply(addMaskChanges(sheet, LAYER, session.selection.mask ?? SelectionMask.none));
  const layer = sheet.layers.get(LAYER);
  let own = session.selection.mask;
  const keep = (): void => {
    own = selectPlane(layer, 'mask', session.document.canvas);
    session.selection.set(own, 'Paint selection');
    own = session.selection.mask;
  };
  const stop = session.selection.subscribe(() => {
    const { mask } = session.selection;
    if (mask === own) return;
    // Selected by another tool, or inverted: what is painted follows.
    own = mask;
    sheet.apply(addMaskChanges(sheet, LAYER, mask ?? SelectionMask.none));
  });
  return { session, sheet, layer, keep, stop };
}

/** Q: the brushes paint the selection instead of the picture, or the picture again. */
export function togglePaintedSelection(session: DocumentSession): void {
  const { now } = paintedSelection.getState();
  if (now) leavePaintedSelection();
  if (now?.session === session) return;
  paintedSelection.setState({ now: begin(session) });
  const { tool } = usePaint.getState();
  if (tool !== 'brush' && tool !== 'eraser') usePaint.setState({ tool: 'brush' });
  announce('Painting the selection: the brush adds, the eraser takes away, Q goes back');
}

/** The brushes paint the picture again. */
export function leavePaintedSelection(): void {
  paintedSelection.getState().now?.stop();
  paintedSelection.setState({ now: null });
}
