import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fetchElectron } from '../../main/cli/start/fetch-electron.ts';
import type { ElectronPackage } from '../../main/cli/start/find-electron.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const built =
  existsSync(join(REPOSITORY, 'out/main/start.js')) &&
  existsSync(join(REPOSITORY, 'out/renderer/index.html'));
const fetched = existsSync(join(REPOSITORY, 'node_modules/electron/path.txt'));
/** A port of this machine on which nobody answers. */
const DEAD_MIRROR = 'http://127.0.0.1:9/';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'impasto-start-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
  exited: Promise<number | null>;
}

function start(args: string[], env: Record<string, string> = {}): Run {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const child = spawn(process.execPath, [join(REPOSITORY, 'out/main/start.js'), ...args], {
    env: {
      ...rest,
      IMPASTO_DATA: join(scratch, 'data'),
      IMPASTO_DOCUMENTS: join(scratch, 'documents'),
      ELECTRON_MIRROR: DEAD_MIRROR,
      electron_config_cache: join(scratch, 'cache'),
      ...env,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  return {
    child,
    output: () => output,
    errors: () => errors,
    exited: new Promise((done) => child.on('exit', (code) => done(code))),
  };
}

/** A program that stands in for Electron's. */
async function fakeElectron(script: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(scratch, 'dist-'));
  await writeFile(join(folder, 'electron'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'electron'), 0o755);
  return { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':99' };
}

describe.skipIf(!built || process.platform !== 'linux')('npm start (needs npm run build, Linux)', () => {
  test('explains itself', async () => {
    const { output, exited } = start(['--help']);
    expect(await exited).toBe(0);
    expect(output()).toContain('--headless');
    expect(output()).toContain('Examples:');
  });

  test('without a display says so in one line, prints the address, ends cleanly on Ctrl+C', async () => {
    const { child, output, errors, exited } = start([]);
    await expect.poll(output).toMatch(/^Impasto is at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);
    expect(errors().split('\n')[0]).toBe(
      'There is no display for a window. The studio opens in a browser instead.',
    );
    child.kill('SIGINT');
    expect(await exited).toBe(0);
  });

  test.skipIf(fetched)(
    'without Electron and without a network goes on, with no wait for a first byte',
    async () => {
      const { child, output, errors, exited } = start(['--no-open'], { DISPLAY: ':99' });
      await expect.poll(output).toContain('Impasto is at');
      expect(errors().split('\n').slice(0, 2)).toEqual([
        expect.stringMatching(/^Fetching Electron \d+\.\d+\.\d+, once/) as string,
        'Electron is missing and its download cannot be reached from here. The studio opens in a browser instead.',
      ]);
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    },
  );

  test('with Electron runs it on this folder and serves nothing itself', async () => {
    const { output, errors, exited } = start([], await fakeElectron('echo "opened $1"; exit 0'));
    expect(await exited).toBe(0);
    expect(output()).toBe(`opened ${REPOSITORY}\n`);
    expect(errors()).toBe('');
  });

  test.each([
    [
      'echo noise >&2; echo "[1:FATAL] The SUID sandbox helper is not configured" >&2; echo more >&2; exit 1',
      'code 1',
      'SUID sandbox',
    ],
    [
      'echo "electron: error while loading shared libraries: libgtk-3.so.0" >&2; exit 127',
      'code 127',
      'libgtk-3',
    ],
    ['kill -ABRT $$', 'SIGABRT', ''],
  ])(
    'when Electron dies at once (%s) gives its reason and goes on in the browser',
    async (script, how, why) => {
      const { child, output, errors, exited } = start(['--no-open'], await fakeElectron(script));
      await expect.poll(output).toContain('Impasto is at');
      const line = errors().split('\n')[0];
      expect(line).toContain(`Electron ended with ${how}`);
      expect(line).toContain(why);
      expect(line).toContain('opens in a browser instead.');
      child.kill('SIGINT');
      expect(await exited).toBe(0);
    },
  );
});

describe('fetching Electron', () => {
  async function installer(script: string, whenDone = false): Promise<ElectronPackage> {
    const folder = await mkdtemp(join(scratch, 'installer-'));
    const path = join(folder, 'install.cjs');
    await writeFile(path, script);
    return {
      version: '1.2.3',
      installer: path,
      dist: join(folder, 'dist'),
      binary: () => (whenDone && existsSync(join(folder, 'dist')) ? join(folder, 'dist', 'electron') : null),
    };
  }

  test('is given up when no byte comes', async () => {
    const electron = await installer('setTimeout(() => {}, 60_000)');
    expect(await fetchElectron(electron, { firstByte: 500, whole: 60_000 })).toBe(
      'its download did not begin within 0.5 s',
    );
  });

  test('is given up when it takes too long', async () => {
    const electron = await installer(
      `require('fs').writeFileSync(require('path').join(require('os').tmpdir(), 'part.zip'), 'x'); setTimeout(() => {}, 60_000)`,
    );
    expect(await fetchElectron(electron, { firstByte: 10_000, whole: 1200 })).toMatch(/took longer than/);
  });

  test('reports what the installer said', async () => {
    const electron = await installer(`console.error('Checksums did not match'); process.exit(1)`);
    expect(await fetchElectron(electron)).toBe('its installer said "Checksums did not match"');
  });

  test('succeeds when the program is there afterwards', async () => {
    const electron = await installer(
      `require('fs').mkdirSync(require('path').join(__dirname, 'dist'))`,
      true,
    );
    expect(await fetchElectron(electron)).toBeNull();
  });

  test.skipIf(fetched)(
    'of the real package fails in time when its mirror accepts and says nothing',
    async () => {
      const mute = createServer(() => {});
      await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
      onTestFinished(() => void mute.close());
      const { port } = mute.address() as { port: number };
      const cache = await mkdtemp(join(scratch, 'cache-'));
      await mkdir(cache, { recursive: true });
      process.env['ELECTRON_MIRROR'] = `http://127.0.0.1:${port}/`;
      process.env['electron_config_cache'] = cache;
      onTestFinished(() => {
        delete process.env['ELECTRON_MIRROR'];
        delete process.env['electron_config_cache'];
      });
      const electron: ElectronPackage = {
        version: '0',
        installer: join(REPOSITORY, 'node_modules/electron/install.js'),
        dist: join(scratch, 'no-dist'),
        binary: () => null,
      };
      expect(await fetchElectron(electron, { firstByte: 1500, whole: 60_000 })).toBe(
        'its download did not begin within 1.5 s',
      );
    },
  );
});
