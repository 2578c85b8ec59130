import { basename } from 'node:path';
import type { DocumentState, Envelope } from '../../preload/contract/index.ts';

/** Answers a request of the contract; never rejects. */
type Handle = (name: unknown, params: unknown) => Promise<Envelope<unknown>>;

/** Which page may write into which document. */
export interface DocumentHolds {
  /** The studio as one page meets it: documents that another page holds are only to be looked at. */
  handleFor(pageId: string): Handle;
}

interface Hold {
  readonly pageId: string;
  readonly since: Date;
}

/** Requests that change a document, or take it away. */
const WRITES: ReadonlySet<unknown> = new Set([
  'documents.stage-part',
  'documents.commit',
  'documents.move-head',
  'documents.add-save-point',
  'documents.rename-save-point',
  'documents.remove-save-point',
  'documents.write-overview',
]);

/**
 * One document is painted on by one page. Pages share the studio's open files, whose tiles are written whole: two that
 * paint on one document would take each other's strokes away. The page that opens a document first holds it until it
 * opens another, closes it, or is gone; others get it read-only, as if another program had it.
 * @param isLinked whether a page is there: what one holds that is gone goes to the next that asks.
 */
export function createDocumentHolds(handle: Handle, isLinked: (pageId: string) => boolean): DocumentHolds {
  const holds = new Map<string, Hold>();

  /** The hold of another page that keeps this one from writing. */
  const against = (pageId: string, documentId: string): Hold | null => {
    const hold = holds.get(documentId);
    return hold === undefined || hold.pageId === pageId || !isLinked(hold.pageId) ? null : hold;
  };

  /** A page works on one document: with the next it lets go of the last. */
  const take = (pageId: string, documentId: string): void => {
    for (const [id, hold] of holds) if (hold.pageId === pageId && id !== documentId) holds.delete(id);
    const hold = holds.get(documentId);
    if (hold?.pageId !== pageId) holds.set(documentId, { pageId, since: new Date() });
  };

  const holdsAnother = (pageId: string, documentId: string): boolean =>
    [...holds].some(([id, hold]) => hold.pageId === pageId && id !== documentId);

  /** What a page gets of a document that the studio has opened for it. */
  const admit = (pageId: string, state: DocumentState): DocumentState => {
    const hold = against(pageId, state.id);
    if (state.readOnly !== null) return state;
    if (hold) return { ...state, readOnly: sentence(state.path, hold), readOnlyCause: 'open-elsewhere' };
    take(pageId, state.id);
    return state;
  };

  return {
    handleFor: (pageId) => async (name, params) => {
      const documentId = textOf(params, 'documentId');
      const hold = documentId === null ? null : against(pageId, documentId);
      if (documentId !== null && WRITES.has(name)) {
        if (hold) return refusal(hold);
        // A stroke that comes late to a document that the page has left takes nothing back.
        if (!holdsAnother(pageId, documentId)) take(pageId, documentId);
      }
      if (documentId !== null && name === 'documents.close') {
        // It stays open for the page that paints on it.
        if (hold) return { ok: true, value: {} };
        holds.delete(documentId);
      }
      // The file that a copy is of is closed, unless another page still paints on it.
      const leaveOpen = hold !== null && name === 'documents.save-as';
      const answer = await handle(name, leaveOpen ? { ...(params as object), leaveOpen } : params);
      if (!answer.ok) return answer;
      switch (name) {
        case 'documents.open':
        case 'documents.create':
        case 'documents.save-as':
          return { ok: true, value: admit(pageId, answer.value as DocumentState) };
        case 'files.import': {
          const imported = answer.value as { readonly state: DocumentState };
          return { ok: true, value: { ...imported, state: admit(pageId, imported.state) } };
        }
        default:
          return answer;
      }
    },
  };
}

function sentence(path: string, { since }: Hold): string {
  return `${basename(path)} is open in another window since ${since.toTimeString().slice(0, 5)}. You see it read-only; nothing can be overwritten.`;
}

function refusal({ since }: Hold): Envelope<never> {
  return {
    ok: false,
    error: {
      code: 'document/read-only',
      message: `This document is painted on in another window since ${since.toTimeString().slice(0, 5)}; nothing was overwritten.`,
      remedy: 'Save a copy and go on in that.',
    },
  };
}

function textOf(params: unknown, key: string): string | null {
  if (typeof params !== 'object' || params === null || !(key in params)) return null;
  const value: unknown = (params as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'string' ? value : null;
}
