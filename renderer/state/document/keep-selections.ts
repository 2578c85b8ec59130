import type { NoteKey } from '../../../preload/contract/index.ts';
import { EngineError } from '../../engine/error.ts';
import {
  packNamedSelections,
  packSelection,
  unpackNamedSelections,
  unpackSelection,
} from '../../engine/selection/pack-selection.ts';
import { tell } from '../status-store.ts';
import type { DocumentNotes } from './document-notes.ts';
import type { DocumentSession } from './document-session.ts';

/** What was read with the document. */
export type ReadNotes = readonly { readonly key: NoteKey; readonly bytes: Uint8Array }[];

/** Selects again what was selected when the document was left, and keeps selections with it from now on. */
export function keepSelections(session: DocumentSession, notes: DocumentNotes, read: ReadNotes): void {
  const { selection, savedSelections } = session;
  const bytesOf = (key: NoteKey): Uint8Array | undefined => read.find((note) => note.key === key)?.bytes;
  try {
    const last = bytesOf('selection');
    if (last) selection.set(unpackSelection(last));
    const saved = bytesOf('saved-selections');
    if (saved) savedSelections.load(unpackNamedSelections(saved));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ level: 'warn', message: error.message, remedy: 'The picture is as it was.' });
  }
  if (session.readOnly !== null) return;
  let written = selection.mask;
  selection.subscribe(() => {
    const { mask } = selection;
    if (mask === written) return;
    written = mask;
    notes.write('selection', mask && packSelection(mask));
  });
  savedSelections.subscribe(() => {
    const { list } = savedSelections;
    notes.write('saved-selections', list.length > 0 ? packNamedSelections(list) : null);
  });
}
