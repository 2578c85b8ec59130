import { type StudioBridge, StudioError } from '../../preload/contract/index.ts';
import { type Bridge, createBridge } from './bridge.ts';
import { createConnection } from './connection.ts';
import { readNow } from './read-now.ts';
import { createSocketBridge } from './socket-bridge.ts';
import { askWhetherKnown, takeToken } from './token.ts';

export type { Bridge } from './bridge.ts';

declare global {
  interface Window {
    /** Exposed by the preload script of a desktop window; absent in a browser. */
    readonly studio?: StudioBridge;
  }
}

/**
 * Links this page to its studio: through the preload on the desktop, else to the headless host that served it.
 * Resolves before the link stands: requests wait for it, `connection` tells how it is and goes on trying. Where the studio
 * does not know the page's token, requests fail with `link/refused`.
 *
 * @throws StudioError `link/no-token`
 */
export async function connectStudio(): Promise<Bridge> {
  const check = import.meta.env.DEV ? (await import('./contract-check.ts')).contractCheck : null;
  if (window.studio !== undefined) {
    return createBridge(window.studio, createConnection({ state: 'open' }), check);
  }
  const token = await takeToken({
    location,
    history,
    storage: sessionStorage,
    fetch: (input, init) => fetch(input, init),
  });
  if (token === null) {
    throw new StudioError(
      'link/no-token',
      'This page does not know the secret of its studio.',
      'Open the whole address that the studio printed when it started; it ends in #token=….',
    );
  }
  const socket = createSocketBridge({
    open: (query, protocols) => new WebSocket(`/studio${query}`, protocols),
    token,
    readNow,
    isKnown: (word) => askWhetherKnown(word, (input, init) => fetch(input, init)),
    sessionId: randomId(),
  });
  window.addEventListener('online', () => socket.connection.retryNow());
  return createBridge(socket, socket.connection, check);
}

/** 128 random bits in hexadecimal; `crypto.randomUUID` is missing where the page came over plain HTTP. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
