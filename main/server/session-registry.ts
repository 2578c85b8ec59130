import { type Envelope, StudioError } from '../../preload/contract/index.ts';
import { createSession, type Session } from './session.ts';

/** Pages that may be known at once. */
const MAX_SESSIONS = 64;
/** How long a session waits for its page to come back. */
const KEEP_UNLINKED_MS = 15 * 60_000;

/** Every page's session. */
export interface SessionRegistry {
  /**
   * The session of a page that links; `resumed` is false when it was not known.
   *
   * @throws StudioError `host/too-many-pages`
   */
  open(id: string): { session: Session; resumed: boolean };
  /** To be told when a session's page is gone: the session is forgotten some time later. */
  unlinked(id: string): void;
  /** Calls back with every session, linked or waiting. */
  forEach(callback: (session: Session) => void): void;
  /** Forgets all. */
  close(): void;
}

/** What a registry can be told. */
interface RegistryOptions {
  /** Milliseconds that a session waits for its page to come back; 15 minutes. */
  readonly keepUnlinkedMs?: number | undefined;
  /** Pages that may be known at once; 64. */
  readonly maxPages?: number | undefined;
}

/** A registry whose sessions' requests are answered by what `handleFor` gives for each. */
export function createSessionRegistry(
  handleFor: (id: string) => (name: unknown, params: unknown) => Promise<Envelope<unknown>>,
  { keepUnlinkedMs = KEEP_UNLINKED_MS, maxPages = MAX_SESSIONS }: RegistryOptions = {},
): SessionRegistry {
  const sessions = new Map<string, Session>();
  const expiries = new Map<string, NodeJS.Timeout>();

  function forget(id: string): void {
    clearTimeout(expiries.get(id));
    expiries.delete(id);
    sessions.delete(id);
  }

  function makeRoom(): void {
    if (sessions.size < maxPages) return;
    for (const [id, session] of sessions) {
      if (session.linked) continue;
      forget(id);
      return;
    }
    throw new StudioError(
      'host/too-many-pages',
      `${maxPages} pages are open already.`,
      'Close one of them and reload.',
    );
  }

  return {
    open(id) {
      clearTimeout(expiries.get(id));
      expiries.delete(id);
      const known = sessions.get(id);
      if (known) return { session: known, resumed: true };
      makeRoom();
      const session = createSession(handleFor(id));
      sessions.set(id, session);
      return { session, resumed: false };
    },
    unlinked(id) {
      clearTimeout(expiries.get(id));
      const expiry = setTimeout(() => forget(id), keepUnlinkedMs);
      expiry.unref();
      expiries.set(id, expiry);
    },
    forEach(callback) {
      sessions.forEach(callback);
    },
    close() {
      for (const id of sessions.keys()) forget(id);
    },
  };
}
