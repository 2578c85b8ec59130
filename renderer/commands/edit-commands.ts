import { swapColours, resetColours } from '../state/paint-store.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useDocument } from '../state/document/document-store.ts';
import { pendingAct } from '../state/pending-act.ts';
import { announce, tell } from '../state/status-store.ts';
import { copyActive, copyMerged, cutActive, paste, pasteCopied } from './clipboard.ts';
import { type Command, PASTE_KEY } from './command.ts';
import { clearLayer } from './layer-edits.ts';
import type { Workspace } from './workspace.ts';

/** Undo while something waits takes back just that. */
function dropPending(): boolean {
  const { act } = pendingAct.getState();
  act?.cancel();
  return act !== null;
}

/** Takes the last step back and says which. */
export async function undo(workspace: Workspace): Promise<void> {
  if (workspace.penDown || dropPending()) return;
  const label = await workspace.open?.session.undo();
  if (label) announce(`Undid ${label}`);
  else tell({ level: 'info', message: 'Nothing to undo', remedy: '' });
}

/** Does the next step again and says which. */
export async function redo(workspace: Workspace): Promise<void> {
  if (workspace.penDown || dropPending()) return;
  const label = await workspace.open?.session.redo();
  if (label) announce(`Redid ${label}`);
  else tell({ level: 'info', message: 'Nothing to redo', remedy: '' });
}

/** Undo, redo, the clipboard, clearing, colours. */
export function editCommands(workspace: Workspace): readonly Command[] {
  const onPicture = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (session: DocumentSession) => void,
    changes = true,
  ): Command => ({
    id: `edit.${id}`,
    title,
    group: 'Edit',
    keys,
    enabled: () => workspace.open !== null && (!changes || useDocument.getState().readOnly === null),
    run() {
      if (workspace.open && !workspace.penDown) act(workspace.open.session);
    },
  });
  return [
    {
      id: 'edit.undo',
      title: 'Undo',
      group: 'Edit',
      keys: ['$mod+z'],
      enabled: () => useDocument.getState().canUndo,
      run: () => undo(workspace),
    },
    {
      id: 'edit.redo',
      title: 'Redo',
      group: 'Edit',
      keys: ['$mod+Shift+z', '$mod+y'],
      enabled: () => useDocument.getState().canRedo,
      run: () => redo(workspace),
    },
    {
      id: 'edit.last-state',
      title: 'Toggle last state',
      group: 'Edit',
      keys: ['$mod+Alt+z'],
      enabled: () => useDocument.getState().canUndo || useDocument.getState().canRedo,
      run: () => (useDocument.getState().canRedo ? redo(workspace) : undo(workspace)),
    },
    onPicture('cut', 'Cut', ['$mod+x'], cutActive),
    onPicture('copy', 'Copy', ['$mod+c'], copyActive, false),
    onPicture('copy-merged', 'Copy what is seen', ['$mod+Shift+c'], copyMerged, false),
    onPicture('paste', 'Paste', [PASTE_KEY], () => void paste(workspace)),
    onPicture(
      'paste-in-place',
      'Paste in place',
      ['$mod+Shift+v'],
      () => void pasteCopied(workspace, 'in-place'),
    ),
    {
      id: 'edit.clear',
      title: 'Clear layer',
      group: 'Edit',
      keys: ['Delete'],
      enabled: () => workspace.open !== null,
      run() {
        const session = workspace.open?.session;
        if (session?.activeLayerId) clearLayer(session, session.activeLayerId);
      },
    },
    { id: 'edit.swap-colours', title: 'Swap colours', group: 'Edit', keys: ['x'], run: swapColours },
    { id: 'edit.reset-colours', title: 'Reset colours', group: 'Edit', keys: ['d'], run: resetColours },
  ];
}
