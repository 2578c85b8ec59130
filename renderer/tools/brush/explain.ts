import type { EngineError } from '../../engine/error.ts';
import type { LayerProps } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { textToPixels } from '../../state/document/text-to-pixels.ts';
import { clearNotice, type Notice, tell, useStatus } from '../../state/status-store.ts';

/** What was said last of an act that did nothing. */
let said: Notice | null = null;

function say(notice: Notice): void {
  said = notice;
  tell(notice);
}

/** Takes back what was said of an act that did nothing, where it is still shown: it is past, or the layer is another. */
export function forgetExplanation(): void {
  if (said !== null && useStatus.getState().notice === said) clearNotice();
  said = null;
}

/** Says why the layer cannot be painted on, with the fix beside it. */
export function explainRefusal(session: DocumentSession, layerId: string, error: EngineError): void {
  const culprit = findCulprit(session, layerId, error.code);
  const fix = (label: string, props: LayerProps): { label: string; run: () => void } => ({
    label,
    run: () =>
      session.record(`${label} ${session.document.layers.get(culprit).record.name}`, [
        { type: 'layer-props', layerId: culprit, props },
      ]),
  });
  const action =
    error.code === 'layer-locked'
      ? { action: fix('Unlock', { locked: false }) }
      : error.code === 'layer-hidden'
        ? { action: fix('Show', { visible: true }) }
        : error.code === 'layer-is-text'
          ? { action: { label: 'Make it pixels', run: () => textToPixels(session, layerId) } }
          : error.code === 'layer-not-paintable' && session.document.layers.get(layerId).record.mask
            ? { action: { label: 'Paint the mask', run: () => session.choosePlane(layerId, 'mask') } }
            : {};
  say({ level: 'warn', message: error.message, remedy: '', ...action });
}

/** The layer, or the group around it, that is locked or hidden. */
function findCulprit(session: DocumentSession, layerId: string, code: EngineError['code']): string {
  const { layers } = session.document;
  for (let id: string | null = layerId; id !== null; id = layers.get(id).record.parent) {
    const { record } = layers.get(id);
    if (code === 'layer-locked' ? record.locked : !record.visible) return id;
  }
  return layerId;
}

/** Says why a stroke changed no pixel. */
export function explainEmptyStroke(session: DocumentSession, layerId: string, mode: 'paint' | 'erase'): void {
  const { record, tiles } = session.document.layers.get(layerId);
  if (session.activePlane === 'mask' && !session.selection.mask) {
    say({
      level: 'info',
      message: `This stroke changed nothing: you are painting the mask of "${record.name}", which has this value there already.`,
      remedy: '',
      action: { label: 'Paint the layer', run: () => session.choosePlane(layerId, 'pixels') },
    });
    return;
  }
  if (record.alphaLocked) {
    say({
      level: 'warn',
      message: `"${record.name}" has its transparency locked, so this stroke changed nothing.`,
      remedy: '',
      action: {
        label: 'Unlock transparency',
        run: () =>
          session.record('Unlock transparency', [
            { type: 'layer-props', layerId, props: { alphaLocked: false } },
          ]),
      },
    });
    return;
  }
  if (session.selection.mask) {
    say({
      level: 'warn',
      message: 'This stroke changed no pixel: it is outside the selection.',
      remedy: '',
      action: { label: 'Deselect', run: () => session.selection.set(null, 'Deselect') },
    });
    return;
  }
  const message =
    mode === 'erase' && tiles.size === 0
      ? `"${record.name}" is empty: there is nothing to erase.`
      : 'This stroke changed no pixel: it is outside the canvas, or the colour is there already.';
  say({ level: 'info', message, remedy: '' });
}
