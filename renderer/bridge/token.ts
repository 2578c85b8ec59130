/** Parts of a browser that a token passes through; the page's own unless a test says otherwise. */
export interface TokenSurroundings {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  /** Kept by tab and by origin, port included: cookies would be sent to every port of this machine. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly fetch: typeof fetch;
}

const KEY = 'impasto.token';
/** Milliseconds after which the host counts as silent. */
const PATIENCE = 10_000;

/**
 * The secret that the headless host asks for: from `#token=…` or, for a one-time `#ticket=…`, from the host. It is
 * taken out of the address bar and kept for reloads of this tab.
 *
 * @returns null when neither the address nor this tab has one.
 */
export async function takeToken({
  location,
  history,
  storage,
  fetch,
}: TokenSurroundings): Promise<string | null> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const ticket = fragment.get('ticket');
  const token = fragment.get('token') ?? (ticket === null ? null : await redeem(ticket, fetch));
  if (fragment.has('token') || ticket !== null) {
    history.replaceState(null, '', location.pathname + location.search);
  }
  if (token !== null) storage.setItem(KEY, token);
  return token ?? storage.getItem(KEY);
}

/** Whether the host knows a token; null when it does not answer. */
export async function askWhetherKnown(token: string, fetchUrl: typeof fetch): Promise<boolean | null> {
  try {
    const response = await fetchUrl('/session', {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.status === 401 ? false : response.ok ? true : null;
  } catch {
    return null;
  }
}

async function redeem(ticket: string, fetchUrl: typeof fetch): Promise<string | null> {
  try {
    const response = await fetchUrl('/session', {
      headers: { authorization: `Ticket ${ticket}` },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
