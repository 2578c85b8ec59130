import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFile } from '../hosting/page-files.ts';
import { PAGE_HEADERS } from '../hosting/page-policy.ts';
import type { Gate } from './gate.ts';

/**
 * Answers plain HTTP: the page's files to anybody who names this server (they hold nothing private);
 * `GET /session`, by which a page learns whether its token is good (200, with the token) or not (401), and
 * changes a one-time ticket for the token; and, to those who have it, `GET /pixels?document=…&hashes=…,…`, for which a page
 * stands still, as it cannot for a socket.
 *
 * @param readPixels answers `documents.read-pixels`, as a frame.
 */
export function servePage(
  files: ReadonlyMap<string, PageFile>,
  gate: Gate,
  readPixels: (documentId: string, hashes: string[]) => Promise<Uint8Array>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // Whatever a body says, nobody reads it.
    request.resume();
    const { host, authorization } = request.headers;
    if (!gate.knowsHost(host)) return refuse(response, 421, 'This server does not go by that name.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'Only GET and HEAD are answered.');
    }
    const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
    if (path === '/session') return answerSession(response, gate, authorization ?? '');
    if (path === '/pixels') {
      if (!gate.knowsToken(bearer(authorization)))
        return refuse(response, 401, 'The token is missing or wrong.');
      const query = new URL(request.url ?? '/', 'http://studio').searchParams;
      const hashes = (query.get('hashes') ?? '').split(',');
      readPixels(query.get('document') ?? '', hashes).then(
        (frame) => answerBytes(response, frame),
        () => response.destroy(),
      );
      return;
    }
    const file = files.get(path);
    if (file === undefined) return refuse(response, 404, 'There is no such file.');
    response.writeHead(200, {
      ...PAGE_HEADERS,
      'Content-Type': file.type,
      'Content-Length': file.bytes,
      'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const stream = createReadStream(file.path);
    // Headers are out already; a file that vanished can only end the connection.
    stream.on('error', () => response.destroy());
    response.on('close', () => stream.destroy());
    stream.pipe(response);
  };
}

function answerSession(response: ServerResponse, gate: Gate, authorization: string): void {
  const [scheme, word = ''] = authorization.split(' ', 2);
  const token = scheme === 'Ticket' ? gate.redeem(word) : gate.knowsToken(word) ? word : null;
  response.writeHead(token === null ? 401 : 200, {
    ...PAGE_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(token ?? '');
}

/** The word of `Authorization: Bearer WORD`. */
function bearer(authorization = ''): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization)?.[1];
}

function answerBytes(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Type': 'application/octet-stream',
    'Content-Length': bytes.byteLength,
    'Cache-Control': 'no-store',
  });
  response.end(bytes);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response
    .writeHead(status, { ...PAGE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end(`${reason}\n`);
}
