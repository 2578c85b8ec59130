import type { DocumentState } from '../../preload/contract/index.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { openSession } from '../state/document/open-session.ts';
import { useOpening } from '../state/opening-store.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** A document that opens sooner shows nothing of it. */
const PATIENCE = 200;

let count = 0;

/** A session with the small picture that was kept in the file. */
export interface OpenedDocument {
  readonly session: DocumentSession;
  /** The picture as it was when the document was left, or null; the caller's to close. */
  readonly overview: ImageBitmap | null;
}

/** Pixels never live in a store: the picture of the document that is being opened. */
let overview: ImageBitmap | null = null;

/** The small picture of what is being opened, as the file had it. */
export function openingOverview(): ImageBitmap | null {
  return overview;
}

/**
 * Reads a document that the studio has opened, and shows how far that is and what it looked like when it was left.
 * @throws StudioError; AbortError when it was called off.
 */
export async function readDocument(link: StudioLink, state: DocumentState): Promise<OpenedDocument> {
  const stop = new AbortController();
  const number = ++count;
  // Marks for whoever measures: `impasto bench large`.
  performance.mark('impasto:open');
  const { name, width, height } = state;
  const show = (share: number): void =>
    useOpening.setState({ now: { name, width, height, share, number, cancel: () => stop.abort() } });
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    show(0);
  }, PATIENCE);
  overview = null;
  try {
    const session = await openSession(link, state, {
      signal: stop.signal,
      onOverview: (bytes) => void (bytes && decode(bytes, number)),
      onProgress: (share) => shown && number === count && show(share),
    });
    return { session, overview };
  } catch (error) {
    link.request('documents.close', { documentId: state.id }).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    if (number === count) useOpening.setState({ now: null });
  }
}

/** What cannot be read is no loss: the picture comes anyway. */
async function decode(bytes: Uint8Array, number: number): Promise<void> {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(bytes)])).catch(() => null);
  if (number === count) overview = picture;
}
