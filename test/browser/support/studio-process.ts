import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import { createBridge, type Bridge } from '../../../renderer/bridge/bridge.ts';
import { createSocketBridge, type SocketBridge } from '../../../renderer/bridge/socket-bridge.ts';

/** Where the build lies; another folder can be named to test another build. */
const OUT = resolve(process.env['IMPASTO_OUT'] ?? join(import.meta.dirname, '../../../out'));

/** A headless studio in a process and folders of its own. */
export class StudioProcess {
  readonly token = randomBytes(32).toString('base64url');
  readonly folder: string;
  #child: ChildProcess | null = null;
  #address = '';
  #port = 0;
  readonly #sockets: SocketBridge[] = [];

  /** Threads that a picture is made with; the studio's own choice when null. */
  readonly #threads: number | null;

  private constructor(folder: string, threads: number | null) {
    this.folder = folder;
    this.#threads = threads;
  }

  /** Starts a studio with nothing in it. */
  static async start(threads: number | null = null): Promise<StudioProcess> {
    if (!existsSync(join(OUT, 'main/server.js'))) {
      throw new Error(`There is no build in ${OUT}. Run "npm run build" first.`);
    }
    const studio = new StudioProcess(await mkdtemp(join(tmpdir(), 'impasto-browser-')), threads);
    await studio.launch();
    return studio;
  }

  /** What a browser opens, secret included. */
  get url(): string {
    return this.#address;
  }

  /** The page's origin. */
  get origin(): string {
    return new URL(this.#address).origin;
  }

  get documentsFolder(): string {
    return join(this.folder, 'documents');
  }

  /** Starts the process, on the port it had before. */
  async launch(): Promise<void> {
    const child = spawn(
      process.execPath,
      [join(OUT, 'main/server.js'), '--port', String(this.#port), '--token', this.token],
      {
        env: {
          ...process.env,
          IMPASTO_DATA: join(this.folder, 'data'),
          IMPASTO_DOCUMENTS: this.documentsFolder,
          ...(this.#threads === null ? {} : { IMPASTO_THREADS: String(this.#threads) }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    this.#address = await new Promise((done, failed) => {
      let said = '';
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        const address = /https?:\/\/\S+/.exec(said)?.[0];
        if (address !== undefined) done(address);
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', (code) => failed(new Error(`The studio ended with ${code}: ${said}`)));
    });
    this.#port = Number(new URL(this.#address).port);
  }

  /** Ends the process, by default without a chance to tidy up. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  /** A second page's link, for asking the studio what it thinks; it stands until {@link StudioProcess.closeLinks}. */
  async connect(): Promise<Bridge> {
    const socket = createSocketBridge({
      open: (query, protocols) =>
        new WebSocket(`${this.origin.replace('http', 'ws')}/studio${query}`, protocols, {
          origin: this.origin,
        }) as unknown as globalThis.WebSocket,
      token: this.token,
      readNow: () => {
        throw new Error('Nothing here stands still.');
      },
      isKnown: () => Promise.resolve(true),
      sessionId: randomBytes(16).toString('hex'),
    });
    this.#sockets.push(socket);
    return createBridge(socket, socket.connection, null);
  }

  /** Ends all links of {@link StudioProcess.connect}: a studio takes 64 pages and no more. */
  closeLinks(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }

  /** Ends everything and removes the folders. */
  async dispose(): Promise<void> {
    this.closeLinks();
    await this.kill('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }
}
