import type { Overview } from '../canvas/overview.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useProof } from '../state/proof-store.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** Smaller documents are open before a picture of them could be shown. */
const LONG_EDGE = 4096;
/** Quiet milliseconds after an edit until the small picture is written. */
const DELAY = 3000;

/** Keeps a small picture of a large document in its file, to be shown while it is opened the next time. */
export function keepOverview(link: StudioLink, session: DocumentSession, overview: Overview): void {
  const { document, readOnly } = session;
  if (readOnly !== null || Math.max(document.width, document.height) < LONG_EDGE) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = async (): Promise<void> => {
    // A layer that is shown alone is not the picture, nor is what a press would print of it.
    if (overview.gone || !overview.fresh || useDocument.getState().soloLayerId !== null) return;
    if (useProof.getState().table !== null) return;
    const blob = await overview.canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    // The next edit tries again; the picture comes without it.
    await link.request('documents.write-overview', { documentId: session.id, bytes }).catch(() => undefined);
  };
  overview.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void write(), DELAY);
  });
}
