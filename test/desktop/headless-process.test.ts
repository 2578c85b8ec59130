import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, REPOSITORY, serve, useEverything } from './headless-process.ts';

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

describe.skipIf(!built)('the headless studio as a process (needs npm run build)', () => {
  test('prints one address, answers, and ends cleanly on Ctrl+C', async () => {
    const { child, url, errors, exited } = await serve({ scratch });
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
    const { child, url, exited } = await serve({
      scratch,
      env: { NODE_OPTIONS: `--import=${DENY}`, IMPASTO_OUTBOUND_LEDGER: ledger },
    });
    await useEverything(url);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(await readFile(ledger, 'utf8')).toBe('');
  });

  test.skipIf(!existsSync(STRACE))(
    'nor does its native code, which keeps no identity either (needs strace)',
    async () => {
      const trace = join(scratch, 'trace.txt');
      const home = join(scratch, 'home');
      await mkdir(home);
      const { child, url, exited } = await serve({
        scratch,
        env: { HOME: home, XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' },
        wrapper: [STRACE, '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg,sendmmsg', '-o', trace],
      });
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
      // Libraries that report home leave an identity behind first.
      expect(await readdir(home)).toEqual([]);
    },
  );

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
