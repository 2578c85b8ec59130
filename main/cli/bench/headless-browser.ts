import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { StudioError } from '../../../preload/contract/index.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A page in a browser without a window, driven over the DevTools protocol. */
export interface HeadlessPage {
  /** One command of the protocol, sent to the page. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** The value of an expression in the page; promises are waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Id of the browser's own process. */
  readonly processId: number;
  close(): void;
}

function findBrowser(): string {
  const given = process.env['CHROME_PATH'];
  const found = given ?? PLACES.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new StudioError(
    'bench/no-browser',
    'No Chromium, Chrome or Edge was found to paint in.',
    'Install one, or name it in the environment variable CHROME_PATH.',
  );
}

function listenAddress(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) found(address);
    });
    child.once('exit', () =>
      failed(
        new StudioError('bench/browser-ended', 'The browser ended before it began.', said.trim().slice(-300)),
      ),
    );
  });
}

/**
 * Opens a page of 1920 × 1080.
 * @param folder for the browser's profile; the caller's to remove.
 * @throws StudioError `bench/no-browser`, `bench/browser-ended`.
 */
export async function openHeadlessPage(
  url: string,
  folder: string,
  software: boolean,
): Promise<HeadlessPage> {
  const child = spawn(
    findBrowser(),
    [
      '--headless=new',
      '--no-sandbox',
      '--remote-debugging-port=0',
      `--user-data-dir=${join(folder, 'browser')}`,
      '--window-size=1920,1080',
      '--no-first-run',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--enable-unsafe-webgpu',
      ...(software ? ['--use-webgpu-adapter=swiftshader'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const socket = new WebSocket(await listenAddress(child), { perMessageDeflate: false });
  await new Promise((done, failed) => {
    socket.once('open', done);
    socket.once('error', failed);
  });
  const waiting = new Map<
    number,
    { done: (value: Record<string, unknown>) => void; fail: (e: Error) => void }
  >();
  let last = 0;
  const session: { id?: string } = {};
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as {
      id?: number;
      result?: Record<string, unknown>;
      error?: { message: string };
    };
    const call = message.id === undefined ? undefined : waiting.get(message.id);
    if (!call || message.id === undefined) return;
    waiting.delete(message.id);
    if (message.error) call.fail(new Error(message.error.message));
    else call.done(message.result ?? {});
  });
  const send = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    new Promise((done, fail) => {
      const id = ++last;
      waiting.set(id, { done, fail });
      socket.send(
        JSON.stringify({
          id,
          method,
          params,
          ...(session.id === undefined ? {} : { sessionId: session.id }),
        }),
      );
    });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const attached = await send('Target.attachToTarget', { targetId, flatten: true });
  session.id = String(attached['sessionId']);
  await send('Emulation.setDeviceMetricsOverride', {
    width: 1920,
    height: 1080,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await send('Page.navigate', { url });
  return {
    send,
    processId: child.pid ?? 0,
    async evaluate(expression) {
      const answer = (await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as { result?: { value?: unknown }; exceptionDetails?: { text?: string } };
      if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text ?? 'The page failed.');
      return answer.result?.value;
    },
    close() {
      socket.close();
      child.kill();
    },
  };
}
