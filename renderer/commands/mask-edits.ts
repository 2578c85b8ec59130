import { addMaskChanges, applyMaskChanges, invertMaskChanges } from '../engine/mask/mask-changes.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { recordEdit } from './record-edit.ts';

/** Gives a layer a mask that shows what is selected (or everything), and makes it what is painted on. */
export function addMask(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  const { mask: selection } = session.selection;
  const label = selection ? `Mask ${name} from selection` : `Mask ${name}`;
  if (recordEdit(session, label, () => addMaskChanges(session.document, id, selection)))
    session.choosePlane(id, 'mask');
}

/** Makes what a mask hides part of the pixels. */
export function applyMask(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  recordEdit(session, `Apply mask of ${name}`, () => applyMaskChanges(session.document, id));
}

/** Takes a mask away; what it hid is seen again. */
export function deleteMask(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  recordEdit(session, `Delete mask of ${name}`, () => [
    { type: 'layer-props', layerId: id, props: { mask: null } },
  ]);
}

/** Shows what a mask hid and hides what it showed. */
export function invertMask(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  recordEdit(session, `Invert mask of ${name}`, () => invertMaskChanges(session.document, id));
}

/** Switches a mask off, or on again. */
export function toggleMask(session: DocumentSession, id: string): void {
  const { name, mask } = session.document.layers.get(id).record;
  if (!mask) return;
  recordEdit(session, `${mask.enabled ? 'Disable' : 'Enable'} mask of ${name}`, () => [
    { type: 'layer-props', layerId: id, props: { mask: { ...mask, enabled: !mask.enabled } } },
  ]);
}

/** Ties a mask to its layer when it moves, or frees it. */
export function toggleMaskLink(session: DocumentSession, id: string): void {
  const { name, mask } = session.document.layers.get(id).record;
  if (!mask) return;
  recordEdit(session, `${mask.linked ? 'Unlink' : 'Link'} mask of ${name}`, () => [
    { type: 'layer-props', layerId: id, props: { mask: { ...mask, linked: !mask.linked } } },
  ]);
}
