import { StudioError } from '../../preload/contract/index.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useProof } from '../state/proof-store.ts';
import { tell } from '../state/status-store.ts';
import type { Workspace } from './workspace.ts';

/** Shows the canvas as a press would print it, or as it is again. */
export function toggleProofColours(): void {
  useProof.setState(({ onCanvas }) => ({ onCanvas: !onCanvas }));
}

/** Has the table made that the canvas is shown through, anew for another press, intent or document. */
export function watchProof(workspace: Workspace): void {
  let asked = 0;
  const ask = async (): Promise<void> => {
    const turn = ++asked;
    const { onCanvas, press, intent } = useProof.getState();
    const documentId = useDocument.getState().id;
    if (!onCanvas || documentId === '') {
      useProof.setState({ table: null });
      return;
    }
    try {
      const answer = await workspace.link.request('files.proof-table', {
        documentId,
        profile: press?.bytes ?? null,
        intent,
      });
      if (turn === asked) useProof.setState({ table: answer });
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      if (turn !== asked) return;
      useProof.setState({ onCanvas: false });
      tell({ level: 'warn', message: error.message, remedy: error.remedy });
    }
  };
  useProof.subscribe((state, before) => {
    if (state.onCanvas !== before.onCanvas || state.press !== before.press || state.intent !== before.intent)
      void ask();
  });
  useDocument.subscribe((state, before) => {
    if (state.id !== before.id || state.format.colourSpace !== before.format.colourSpace) void ask();
  });
}
