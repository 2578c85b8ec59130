import type { DocumentSession } from '../state/document/document-session.ts';
import { textToPixels } from '../state/document/text-to-pixels.ts';
import { chooseTool } from '../state/paint-store.ts';
import { leavePendingAct } from '../state/pending-act.ts';
import { tell } from '../state/status-store.ts';
import { editText } from '../tools/text/text-act.ts';

function sayNoText(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  tell({ level: 'info', message: `"${name}" is not a text layer.`, remedy: '' });
}

/** Takes a layer's text up to be written again, with the text tool in hand. */
export function editLayerText(session: DocumentSession, id: string): void {
  if (!session.document.layers.get(id).record.text) {
    sayNoText(session, id);
    return;
  }
  if (session.readOnly !== null) {
    tell({ level: 'warn', message: session.readOnly, remedy: 'Save a copy to go on.' });
    return;
  }
  leavePendingAct();
  chooseTool('text');
  editText(session, id);
}

/** Keeps a text layer's pixels and lets its text go, so that it can be painted on. */
export function makePixelsOfText(session: DocumentSession, id: string): void {
  leavePendingAct();
  if (session.document.layers.find(id)?.record.text) textToPixels(session, id);
  else sayNoText(session, id);
}
