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
    const { format, id } = state;
    const isSame =
      format.colourSpace === before.format.colourSpace && format.profile === before.format.profile;
    if (id === before.id && isSame) return;
    void ask();
    void askForOwn(workspace);
  });
}

/** Has the table made that shows the open document's numbers as its profile means them; none for most documents. */
async function askForOwn({ link }: Workspace): Promise<void> {
  const { id, format } = useDocument.getState();
  const isOpen = (): boolean => useDocument.getState().id === id;
  if (id === '' || !format.profile) {
    useProof.setState({ own: null });
    return;
  }
  try {
    const own = await link.request('files.colour-table', { documentId: id });
    if (isOpen()) useProof.setState({ own });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    // The numbers are shown as they are.
    if (isOpen()) useProof.setState({ own: null });
  }
}
