import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ControlRequest } from './chromium-shim/control.ts';
import type { RecordedCall } from './chromium-shim/record.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const CHROMIUM = process.env['IMPASTO_CHROMIUM'] ?? '/usr/bin/chromium';

/** What is missing for the shim, or null. */
export function missingForShim(): string | null {
  if (!existsSync(CHROMIUM)) return `Chromium at ${CHROMIUM}`;
  for (const built of ['out/main/desktop.js', 'out/preload/index.cjs', 'out/renderer/index.html']) {
    if (!existsSync(join(REPOSITORY, built))) return `${built} (npm run build)`;
  }
  return null;
}

/** The built desktop studio, running in the shim. */
export interface ShimStudio {
  readonly output: () => string;
  readonly dataFolder: string;
  /** Evaluates an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  recorded(): Promise<RecordedCall[]>;
  ask(request: ControlRequest): Promise<unknown>;
  /** Quits as the menu would; resolves to the exit code. */
  quit(): Promise<number | null>;
  readonly exited: Promise<number | null>;
  /** Kills what is left and removes its folders. */
  dispose(): Promise<void>;
}

export async function startShimStudio(): Promise<ShimStudio> {
  const scratch = await mkdtemp(join(tmpdir(), 'impasto-shim-'));
  const dataFolder = join(scratch, 'data');
  const child = fork(join(REPOSITORY, 'out/main/desktop.js'), [], {
    cwd: REPOSITORY,
    serialization: 'advanced',
    execArgv: ['--import', join(import.meta.dirname, 'chromium-shim/register.ts')],
    env: { ...process.env, IMPASTO_DATA: dataFolder, IMPASTO_DOCUMENTS: join(scratch, 'documents') },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  const ask = asker(child, exited, () => output);
  return {
    output: () => output,
    dataFolder,
    exited,
    ask,
    evaluate: <T>(expression: string) => ask({ ask: 'evaluate', expression }) as Promise<T>,
    recorded: () => ask({ ask: 'recorded' }) as Promise<RecordedCall[]>,
    async quit() {
      child.send({ id: 0, request: { ask: 'quit' } satisfies ControlRequest });
      return exited;
    },
    async dispose() {
      child.kill('SIGKILL');
      await exited;
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

function asker(
  child: ChildProcess,
  exited: Promise<number | null>,
  output: () => string,
): (request: ControlRequest) => Promise<unknown> {
  let nextId = 1;
  const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  child.on('message', (message) => {
    const { id, ...answer } = message as { id: number; value?: unknown; error?: string };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return async (request) => {
    const id = nextId++;
    const answer = new Promise<{ value?: unknown; error?: string }>((done) => waiting.set(id, done));
    child.send({ id, request });
    const dead = exited.then((code) => ({
      error: `the shim ended with ${code}:\n${output()}`,
      value: undefined,
    }));
    const { value, error } = await Promise.race([answer, dead]);
    if (error !== undefined) throw new Error(error);
    return value;
  };
}
