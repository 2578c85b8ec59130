import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { StudioError, type StudioEvent } from '../../preload/contract/index.ts';
import { listPageFiles } from '../hosting/page-files.ts';
import type { Studio } from '../studio/studio.ts';
import { judgeUpgrade, SUBPROTOCOL } from './accept-upgrade.ts';
import { answerFrame, eventFrame, MAX_FRAME_BYTES, welcomeFrame } from './frames.ts';
import { createDocumentHolds } from './document-holds.ts';
import { createDocumentViews } from '../studio/document-views.ts';
import { createGate, isLoopback, outwardAddresses } from './gate.ts';
import { joinLink, type Link } from './link.ts';
import { servePage } from './serve-page.ts';
import { createSessionRegistry } from './session-registry.ts';

/** What a headless server is made of. */
export interface ServerOptions {
  readonly studio: Pick<Studio, 'handle' | 'subscribe' | 'restDocument'>;
  /** Folder of the built page. */
  readonly page: string;
  readonly version: string;
  /** Address to listen on. */
  readonly address: string;
  /** Port to listen on; 0 takes any that is free. */
  readonly port: number;
  readonly token: string;
  /** Hears of refusals; never contains the token. */
  readonly log: (message: string) => void;
  /** Milliseconds between signs of life on a socket; 15,000. */
  readonly beatMs?: number;
  /** Milliseconds that a session waits for its page to come back; 15 minutes. */
  readonly keepUnlinkedMs?: number;
  /** Milliseconds until the files of documents that no page looks at are closed; a minute. */
  readonly restAfterMs?: number;
  /** Pages that may be linked at once; 64. */
  readonly maxPages?: number;
}

/** A server that listens. */
export interface HeadlessServer {
  readonly port: number;
  /** Where a browser on this machine opens the studio; the token stands in the fragment, which is never sent. */
  readonly url: string;
  /** An address that works once, within a minute: for handing to a program whose arguments others can see. */
  ticketUrl(): string;
  /** The same as `url` for other machines; empty unless the address is open to them. */
  readonly outwardUrls: readonly string[];
  /** Ends all sockets. The studio is the caller's. */
  close(): Promise<void>;
}

/**
 * Serves the page and the studio on one port.
 *
 * @throws StudioError `host/page-missing`, `host/port-unavailable`
 */
export async function startServer(options: ServerOptions): Promise<HeadlessServer> {
  const files = await listPageFiles(options.page);
  const http = createServer({ requestTimeout: 15_000, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  const port = await listen(http, options.address, options.port);
  const gate = createGate(options.address, port, options.token);
  const readPixels = async (documentId: string, hashes: string[]): Promise<Uint8Array> =>
    answerFrame(0, await options.studio.handle('documents.read-pixels', { documentId, hashes }));
  http.on('request', servePage(files, gate, readPixels));

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const links = new Map<string, Link>();
  const holds = createDocumentHolds(
    (name, params) => options.studio.handle(name, params),
    (pageId) => links.has(pageId),
  );
  const views = createDocumentViews((id) => options.studio.restDocument(id), options.restAfterMs);
  const sessions = createSessionRegistry((pageId) => views.follow(pageId, holds.handleFor(pageId)), options);

  http.on('upgrade', (request: IncomingMessage, transport: Socket, head: Buffer) => {
    transport.on('error', () => transport.destroy());
    const verdict = judgeUpgrade(request, gate);
    if (!('sessionId' in verdict)) {
      options.log(`A socket was refused: ${verdict.reason}.`);
      transport.end(
        `HTTP/1.1 ${verdict.status} ${STATUS_CODES[verdict.status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const { sessionId } = verdict;
    sockets.handleUpgrade(request, transport, head, (socket) => {
      try {
        const { session, resumed } = sessions.open(sessionId);
        links.get(sessionId)?.replace();
        const link = joinLink({
          socket,
          transport,
          session,
          welcome: welcomeFrame(resumed, options.version),
          beatMs: options.beatMs ?? 15_000,
          log: options.log,
          closed() {
            if (links.get(sessionId) !== link) return;
            links.delete(sessionId);
            sessions.unlinked(sessionId);
            views.left(sessionId);
          },
        });
        links.set(sessionId, link);
        views.back(sessionId);
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
        options.log(error.message);
        // "Try again later": the page shows the sentence, which fits the 123 bytes of a close frame.
        socket.close(1013, error.message);
      }
    });
  });

  const unsubscribe = options.studio.subscribe((event) => {
    const frame = eventFrame(event);
    const key = lossyKey(event);
    sessions.forEach((session) => session.notify(frame, key));
  });

  const origin = `http://${localHost(options.address)}:${port}`;
  const url = (host: string): string => `http://${host}:${port}/#token=${options.token}`;
  return {
    port,
    url: url(localHost(options.address)),
    ticketUrl: () => `${origin}/#ticket=${gate.createTicket()}`,
    outwardUrls: outwardHosts(options.address).map(url),
    async close() {
      unsubscribe();
      for (const socket of sockets.clients) socket.close(1001, 'the studio is closing');
      sessions.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // Browsers answer the close within a round trip; nobody waits longer for one that does not.
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        http.closeAllConnections();
      }, 300).unref();
      await closed;
    },
  };
}

/** Events of which only the latest matters, by what they are about; null for those that must all arrive. */
function lossyKey(event: StudioEvent): string | null {
  if (event.name === 'live.picture') return `${event.name} ${event.payload.sessionId}`;
  return event.name === 'generation.progress' || event.name === 'generation.preview'
    ? `${event.name} ${event.payload.jobId}`
    : null;
}

function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new StudioError(
          'host/port-unavailable',
          `Nothing can listen on ${bracketed(address)}:${port} (${error.code ?? error.message}).`,
          'Choose another --port or --host, or leave them out: a free port is taken.',
        ),
      ),
    );
    server.listen({ host: address, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** How a browser on this machine names the address. */
function localHost(address: string): string {
  return address === '0.0.0.0' || address === '::' ? '127.0.0.1' : bracketed(address);
}

function outwardHosts(address: string): readonly string[] {
  if (isLoopback(address)) return [];
  return address === '0.0.0.0' || address === '::' ? outwardAddresses() : [bracketed(address)];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
