import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RequestName, RequestParams, RequestResult, StudioEvent } from '../../preload/contract/index.ts';
import { createBridge } from '../../renderer/bridge/bridge.ts';
import { contractCheck } from '../../renderer/bridge/contract-check.ts';
import { createSocketBridge } from '../../renderer/bridge/socket-bridge.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const built =
  existsSync(join(REPOSITORY, 'out/main/server.js')) &&
  existsSync(join(REPOSITORY, 'out/renderer/index.html'));
const STRACE = '/usr/bin/strace';
const DENY = join(import.meta.dirname, 'deny-outbound.ts');

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'impasto-headless-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  url: URL;
  errors: () => string;
  exited: Promise<number | null>;
}

async function serve(
  args: string[] = [],
  env: Record<string, string> = {},
  wrapper: string[] = [],
): Promise<Run> {
  const [command, ...rest] = [
    ...wrapper,
    process.execPath,
    join(REPOSITORY, 'out/main/server.js'),
    '--json',
    ...args,
  ];
  const child = spawn(command!, rest, {
    detached: wrapper.length > 0,
    env: {
      ...process.env,
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
function connect(url: URL): {
  ask: <N extends RequestName>(name: N, params: RequestParams<N>) => Promise<RequestResult<N>>;
  events: StudioEvent[];
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
    isKnown: () => Promise.resolve(null),
  });
  onTestFinished(() => socket.close());
  const bridge = createBridge(socket, socket.connection, contractCheck);
  const events: StudioEvent[] = [];
  bridge.subscribe((event) => events.push(event));
  return { ask: (name, params) => bridge.request(name, params), events };
}

/** Probes devices, makes a picture, writes and exports a document. */
async function useEverything(url: URL): Promise<void> {
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
    seed: 1,
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

describe.skipIf(!built)('the headless studio as a process (needs npm run build)', () => {
  test('prints one address, answers, and ends cleanly on Ctrl+C', async () => {
    const { child, url, errors, exited } = await serve();
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.hash).toMatch(/^#token=[\w-]{43}$/);
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await connect(url).ask('studio.info', {})).toMatchObject({
      host: 'headless',
      documentsFolder: join(scratch, 'documents'),
    });
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(errors()).not.toContain(url.hash.slice(7));
    expect(errors()).not.toMatch(/Error|Unhandled/);
  });

  test.each([
    [['--port', '99999'], 'from 0 to 65535'],
    [['--port', 'many'], 'from 0 to 65535'],
    [['--token', 'short'], 'token has 16 to 256'],
    [['--host', '203.0.113.7'], 'Nothing can listen on 203.0.113.7'],
  ])('refuses %s with a sentence and exit code 1', async (args, said) => {
    const run = promisify(execFile)(process.execPath, [join(REPOSITORY, 'out/main/server.js'), ...args], {
      env: {
        ...process.env,
        IMPASTO_DATA: join(scratch, 'data'),
        IMPASTO_DOCUMENTS: join(scratch, 'documents'),
      },
    });
    const error = await run.then(
      () => null,
      (reason: { code: number; stderr: string }) => reason,
    );
    expect(error?.code).toBe(1);
    expect(error?.stderr).not.toMatch(/\n\s+at /);
    expect(error?.stderr).toContain(said);
  });

  test('tries no connection beyond this machine from its start to its end', async () => {
    const ledger = join(scratch, 'outbound.txt');
    await writeFile(ledger, '');
    const { child, url, exited } = await serve([], {
      NODE_OPTIONS: `--import=${DENY}`,
      IMPASTO_OUTBOUND_LEDGER: ledger,
    });
    await useEverything(url);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(await readFile(ledger, 'utf8')).toBe('');
  });

  test.skipIf(!existsSync(STRACE))('nor does its native code (needs strace)', async () => {
    const trace = join(scratch, 'trace.txt');
    const { child, url, exited } = await serve([], {}, [
      STRACE,
      '-f',
      '-qq',
      '-e',
      'trace=connect,sendto,sendmsg,sendmmsg',
      '-o',
      trace,
    ]);
    await useEverything(url);
    // The group: strace itself leaves Ctrl+C to what it watches.
    process.kill(-child.pid!, 'SIGINT');
    await exited;
    const lines = (await readFile(trace, 'utf8')).split('\n');
    expect(lines.length).toBeGreaterThan(10);
    const calls = lines.filter((line) => /AF_INET6?/.test(line));
    const outward = calls.filter(
      (line) => !/inet_addr\("127\.|inet_pton\(AF_INET6, "(::1|::ffff:127\.)/.test(line),
    );
    expect(outward).toEqual([]);
  });

  test('the counter of connections counts', async () => {
    const ledger = join(scratch, 'tried.txt');
    await writeFile(ledger, '');
    const attempts = `
      import { connect } from 'node:net'; import { lookup } from 'node:dns/promises'; import { createSocket } from 'node:dgram';
      const quiet = (run) => Promise.resolve().then(run).catch(() => {});
      await quiet(() => fetch('http://192.0.2.1/'));
      await quiet(() => fetch('https://example.invalid/'));
      await quiet(() => connect(80, '192.0.2.1').on('error', () => {}));
      await quiet(() => lookup('example.invalid'));
      await quiet(() => createSocket('udp4').send('x', 53, '192.0.2.1'));
      process.exit(0);`;
    await promisify(execFile)(process.execPath, ['--import', DENY, '--input-type=module', '-e', attempts], {
      env: { ...process.env, IMPASTO_OUTBOUND_LEDGER: ledger },
    });
    const tried = (await readFile(ledger, 'utf8')).trim().split('\n');
    expect(tried.length).toBeGreaterThanOrEqual(5);
    for (const what of ['connect 192.0.2.1', 'example.invalid', 'udp 192.0.2.1'])
      expect(tried.join('\n')).toContain(what);
  });
});
