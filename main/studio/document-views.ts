import type { Envelope } from '../../preload/contract/index.ts';

/** Answers a request of the contract; never rejects. */
type Handle = (name: unknown, params: unknown) => Promise<Envelope<unknown>>;

/** Who looks at which document. */
export interface DocumentViews {
  /** The same answers; what they say of documents that the page looks at from now on is taken in. */
  follow(pageId: string, handle: Handle): Handle;
  /** To be told when a page is gone: what it looked at is let go of, unless it comes back in time. */
  left(pageId: string): void;
  /** To be told when a page is there again. */
  back(pageId: string): void;
}

/** Milliseconds in which a page that is reloaded, or whose link dropped, comes back; and in which late strokes arrive. */
const GRACE = 60_000;

/** Requests whose answer is a document that the page looks at from then on. */
const OPENINGS: ReadonlySet<unknown> = new Set([
  'documents.open',
  'documents.create',
  'documents.save-as',
  'files.import',
]);

/**
 * Counts who looks at a document. A page looks at one: the one that it opened last. What nobody looks at, and no request is
 * about, rests after a while: its file is closed.
 * @param rest closes a document's file; a later request about it opens it again.
 */
export function createDocumentViews(
  rest: (documentId: string) => Promise<void>,
  grace: number = GRACE,
): DocumentViews {
  const looks = new Map<string, string>();
  const running = new Map<string, number>();
  const waiting = new Map<string, NodeJS.Timeout>();
  const leaving = new Map<string, NodeJS.Timeout>();

  const isNeeded = (documentId: string): boolean =>
    running.has(documentId) || [...looks.values()].includes(documentId);

  const consider = (documentId: string): void => {
    clearTimeout(waiting.get(documentId));
    waiting.delete(documentId);
    if (isNeeded(documentId)) return;
    const timer = setTimeout(() => {
      waiting.delete(documentId);
      // Where it cannot be closed it stays open, as it was.
      if (!isNeeded(documentId)) rest(documentId).catch(() => {});
    }, grace);
    timer.unref();
    waiting.set(documentId, timer);
  };

  const look = (pageId: string, documentId: string | null): void => {
    const before = looks.get(pageId);
    if (documentId === null) looks.delete(pageId);
    else looks.set(pageId, documentId);
    if (before !== undefined && before !== documentId) consider(before);
    if (documentId !== null) consider(documentId);
  };

  const during = async <T>(documentId: string, run: () => Promise<T>): Promise<T> => {
    running.set(documentId, (running.get(documentId) ?? 0) + 1);
    try {
      return await run();
    } finally {
      const left = (running.get(documentId) ?? 1) - 1;
      if (left > 0) running.set(documentId, left);
      else running.delete(documentId);
      consider(documentId);
    }
  };

  return {
    follow: (pageId, handle) => async (name, params) => {
      const documentId = textAt(params, 'documentId');
      const answer =
        documentId === null
          ? await handle(name, params)
          : await during(documentId, () => handle(name, params));
      if (!answer.ok) return answer;
      if (name === 'documents.close' && looks.get(pageId) === documentId) look(pageId, null);
      if (OPENINGS.has(name)) look(pageId, openedId(answer.value));
      return answer;
    },
    left(pageId) {
      clearTimeout(leaving.get(pageId));
      const timer = setTimeout(() => {
        leaving.delete(pageId);
        look(pageId, null);
      }, grace);
      timer.unref();
      leaving.set(pageId, timer);
    },
    back(pageId) {
      clearTimeout(leaving.get(pageId));
      leaving.delete(pageId);
    },
  };
}

function openedId(value: unknown): string | null {
  const state = typeof value === 'object' && value !== null && 'state' in value ? value.state : value;
  return textAt(state, 'id');
}

function textAt(object: unknown, key: string): string | null {
  if (typeof object !== 'object' || object === null) return null;
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'string' ? value : null;
}
