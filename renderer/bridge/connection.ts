/** There is no link; it is tried again. */
export interface LostConnection {
  readonly state: 'lost';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds since the epoch. */
  readonly retryAt: number;
  /** Requests that are kept and go in order when the link is back. */
  readonly waiting: number;
  /** False until the first try has ended: nothing is known to be wrong. */
  readonly tried: boolean;
  /** The studio's sentence where it answers but takes no more pages. */
  readonly full: string | null;
}

/** How the link to the studio stands. On the desktop it is always open. */
export type Connection =
  | { readonly state: 'open' }
  | LostConnection
  /** Given up: the studio does not know this page's token. Only its address, opened anew, helps. */
  | { readonly state: 'refused'; readonly message: string; readonly remedy: string };

/** The connection as something to watch; fits React's `useSyncExternalStore`. */
export interface ConnectionView {
  /** The same object until something changes. */
  read(): Connection;
  /** Calls back on every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Tries again at once, if the link is lost. */
  retryNow(): void;
}

/** A connection that somebody sets. */
export interface ConnectionSource extends ConnectionView {
  set(next: Connection): void;
}

/** A watchable connection that starts as `initial`; `retry` runs on {@link ConnectionView.retryNow} while lost. */
export function createConnection(initial: Connection, retry: () => void = () => {}): ConnectionSource {
  const listeners = new Set<() => void>();
  let current = initial;
  return {
    read: () => current,
    set(next) {
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    retryNow() {
      if (current.state === 'lost') retry();
    },
  };
}
