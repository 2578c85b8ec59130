import type { IncomingMessage } from 'node:http';
import type { Gate } from './gate.ts';

/** Name of what is spoken over the socket; a page offers it next to its token. */
export const SUBPROTOCOL = 'impasto.v1';
const TOKEN_PREFIX = 'impasto.token.';

/** Whether a socket may be opened: the page's session, or the HTTP status and reason of the refusal. */
export type UpgradeVerdict =
  | { readonly sessionId: string }
  | { readonly status: 400 | 401 | 403 | 404 | 421; readonly reason: string };

/**
 * Judges a WebSocket handshake before a socket exists. The token travels as a subprotocol
 * (`impasto.token.…`): browsers let a page set no other header, and an address would end up in logs.
 */
export function judgeUpgrade(request: IncomingMessage, gate: Gate): UpgradeVerdict {
  const { host, origin } = request.headers;
  if (!gate.knowsHost(host)) return { status: 421, reason: 'unknown host name' };
  if (!gate.knowsOrigin(origin, host)) return { status: 403, reason: 'foreign origin' };
  const url = new URL(request.url ?? '/', 'http://host');
  if (url.pathname !== '/studio') return { status: 404, reason: 'no such socket' };
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const token = offered.find((name) => name.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
  if (!gate.knowsToken(token)) return { status: 401, reason: 'wrong token' };
  if (!offered.includes(SUBPROTOCOL)) return { status: 400, reason: 'unknown protocol version' };
  const sessionId = url.searchParams.get('session') ?? '';
  if (!/^[0-9A-Za-z-]{16,64}$/.test(sessionId)) return { status: 400, reason: 'no session' };
  return { sessionId };
}
