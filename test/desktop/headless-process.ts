import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { RequestName, RequestParams, RequestResult, StudioEvent } from '../../preload/contract/index.ts';
import { createBridge } from '../../renderer/bridge/bridge.ts';
import { contractCheck } from '../../renderer/bridge/contract-check.ts';
import { createSocketBridge } from '../../renderer/bridge/socket-bridge.ts';

/** Folder of the checkout. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A headless studio that runs. */
export interface Run {
  child: ChildProcess;
  url: URL;
  errors: () => string;
  exited: Promise<number | null>;
}

/** How a headless studio is started. */
export interface ServeOptions {
  /** Folder for its data and documents. */
  readonly scratch: string;
  /** Folder of the program; the checkout when left out. */
  readonly root?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs it, such as a tracer. */
  readonly wrapper?: readonly string[];
}

/** Starts the built headless host; resolves when it has printed its address. It is killed after the test. */
export async function serve({
  scratch,
  root = REPOSITORY,
  args = [],
  env = {},
  wrapper = [],
}: ServeOptions): Promise<Run> {
  const [command, ...rest] = [
    ...wrapper,
    process.execPath,
    join(root, 'out/main/server.js'),
    '--json',
    ...args,
  ];
  const child = spawn(command!, rest, {
    detached: wrapper.length > 0,
    env: {
      ...process.env,
      // Some libraries keep quiet where they see that they are being tested.
      CI: undefined,
      IMPASTO_DATA: join(scratch, 'data'),
      IMPASTO_DOCUMENTS: join(scratch, 'documents'),
      ...env,
    },
  });
  onTestFinished(() => {
    // A killed strace would leave what it watched.
    if (wrapper.length > 0 && child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    else child.kill('SIGKILL');
  });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  const line = await new Promise<string>((done, fail) => {
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      if (output.includes('\n')) done(output);
    });
    void exited.then((code) => fail(new Error(`it ended with ${code}: ${errors}`)));
  });
  const { url } = JSON.parse(line) as { url: string };
  return { child, url: new URL(url), errors: () => errors, exited };
}

/** Speaks to a running studio as the page does. */
export function connect(url: URL): {
  ask: <N extends RequestName>(name: N, params: RequestParams<N>) => Promise<RequestResult<N>>;
  events: StudioEvent[];
  /** Ends it: a socket whose studio is gone looks for it for ever. */
  close: () => void;
} {
  const socket = createSocketBridge({
    token: url.hash.replace('#token=', ''),
    sessionId: 'headless-process-test',
    open(query, protocols) {
      const own = new WebSocket(`ws://${url.host}/studio${query}`, protocols, { origin: url.origin });
      // A browser's socket does not throw; 'close' follows.
      own.on('error', () => {});
      return own as unknown as globalThis.WebSocket;
    },
    readNow: () => {
      throw new Error('Nothing here stands still.');
    },
    isKnown: () => Promise.resolve(null),
  });
  onTestFinished(() => socket.close());
  const bridge = createBridge(socket, socket.connection, contractCheck);
  const events: StudioEvent[] = [];
  bridge.subscribe((event) => events.push(event));
  return { ask: (name, params) => bridge.request(name, params), events, close: () => socket.close() };
}

/** Probes devices, makes a picture, writes and exports a document. */
export async function useEverything(url: URL): Promise<void> {
  const { ask, events } = connect(url);
  await ask('studio.info', {});
  await ask('devices.report', {});
  const [model] = await ask('models.list', {});
  await ask('models.tokens', { modelId: model!.id, text: 'a red circle' });
  const { jobId } = await ask('generation.start', {
    modelId: model!.id,
    prompt: 'a red circle',
    negative: '',
    sampler: model!.defaults.sampler,
    steps: 2,
    guidance: 2,
    // A picture that was made before would come from the cache, without a worker.
    seed: Math.trunc(Math.random() * 2 ** 32),
    noise: 'philox',
    width: 128,
    height: 128,
    init: null,
    adapters: [],
  });
  await expect
    .poll(() => events.find(({ name }) => name === 'generation.finished'), { timeout: 40_000 })
    .toMatchObject({ payload: { jobId } });
  const { id: documentId } = await ask('documents.create', { name: 'silent', width: 64, height: 64 });
  await ask('documents.export-png', { documentId });
  await ask('documents.close', { documentId });
}
