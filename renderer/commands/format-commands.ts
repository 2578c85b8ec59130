import { useDocument } from '../state/document/document-store.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** Depth and colour space of the document: each is one step that undo takes back, to the same bits. */
export function formatCommands(workspace: Workspace): readonly Command[] {
  const depth = (bits: 8 | 16): Command => ({
    id: `document.depth-${bits}`,
    title: `${bits} bits/channel`,
    group: 'Document',
    keys: [],
    enabled: () => {
      const { readOnly, format } = useDocument.getState();
      return workspace.open !== null && readOnly === null && format.depth !== bits;
    },
    run() {
      workspace.open?.session.record(`${bits} bits a channel`, [{ type: 'format', format: { depth: bits } }]);
    },
  });
  return [depth(8), depth(16)];
}
