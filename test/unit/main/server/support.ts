import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';
import { createToken } from '../../../../main/server/gate.ts';
import {
  type HeadlessServer,
  type ServerOptions,
  startServer,
} from '../../../../main/server/start-server.ts';
import type { Envelope, StudioEvent } from '../../../../preload/contract/index.ts';

/** A stand-in for the services: answers by a function, emits on command. */
export interface FakeStudio {
  handle(name: unknown, params: unknown): Promise<Envelope<unknown>>;
  subscribe(listener: (event: StudioEvent) => void): () => void;
  restDocument(documentId: string): Promise<void>;
  emit(event: StudioEvent): void;
  readonly calls: { name: unknown; params: unknown }[];
  /** Documents whose files were to be closed. */
  readonly rested: string[];
}

export function fakeStudio(
  answer: (name: unknown, params: unknown) => Promise<Envelope<unknown>> | Envelope<unknown> = (
    _,
    params,
  ) => ({
    ok: true,
    value: params,
  }),
): FakeStudio {
  const listeners = new Set<(event: StudioEvent) => void>();
  const calls: FakeStudio['calls'] = [];
  const rested: string[] = [];
  return {
    calls,
    rested,
    async restDocument(documentId) {
      rested.push(documentId);
    },
    async handle(name, params) {
      calls.push({ name, params });
      return answer(name, params);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
  };
}

/** A folder that looks like a built page, removed after the test. */
export async function pageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for the page');
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Impasto</title>');
  await writeFile(join(folder, 'page', 'assets', 'index-AbCd1234.js'), 'export {};');
  return join(folder, 'page');
}

/** A server over a fake studio, closed after the test; `logs` is all it said. */
export async function testServer(
  studio: FakeStudio = fakeStudio(),
  options: Partial<ServerOptions> = {},
): Promise<HeadlessServer & { token: string; logs: string[]; host: string }> {
  const token = createToken();
  const logs: string[] = [];
  const server = await startServer({
    studio,
    page: options.page ?? (await pageFolder()),
    version: '0.0.0',
    address: '127.0.0.1',
    port: 0,
    token,
    log: (message) => logs.push(message),
    ...options,
  });
  onTestFinished(() => server.close());
  return { ...server, token, logs, host: `127.0.0.1:${server.port}` };
}

export interface TestClient {
  readonly socket: WebSocket;
  /** Next frame from the server that is not a beat. */
  next(): Promise<Record<string, unknown>>;
  send(frame: unknown): void;
  /** Resolves to the close code. */
  readonly closed: Promise<number>;
}

export interface ClientOptions {
  token?: string;
  origin?: string;
  host?: string;
  session?: string;
  protocols?: string[];
  path?: string;
}

/** Opens a socket as a page would; rejects with the HTTP status when the handshake is refused. */
export function openClient(
  server: { port: number; token: string },
  { token = server.token, session = 'session-0123456789', ...options }: ClientOptions = {},
): Promise<TestClient> {
  const address = `127.0.0.1:${server.port}`;
  const socket = new WebSocket(
    `ws://${address}${options.path ?? `/studio?session=${session}`}`,
    options.protocols ?? ['impasto.v1', `impasto.token.${token}`],
    {
      origin: options.origin ?? `http://${options.host ?? address}`,
      ...(options.host === undefined ? {} : { headers: { host: options.host } }),
    },
  );
  const frames: Record<string, unknown>[] = [];
  const waiting: ((frame: Record<string, unknown>) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const frame = decode(new Uint8Array(data)) as Record<string, unknown>;
    if (frame['beat'] !== undefined) return;
    const resolve = waiting.shift();
    if (resolve) resolve(frame);
    else frames.push(frame);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => reject(new Error(`HTTP ${response.statusCode}`)));
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({
        socket,
        closed,
        send: (frame) => socket.send(frame instanceof Uint8Array ? frame : encode(frame)),
        next: () => {
          const frame = frames.shift();
          return frame ? Promise.resolve(frame) : new Promise((done) => waiting.push(done));
        },
      }),
    );
  });
}
