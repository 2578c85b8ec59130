import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPOSITORY, serve, useEverything } from './headless-process.ts';

const asked = process.env['IMPASTO_LONG'] === '1';
const possible =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  existsSync(join(REPOSITORY, 'out/main/desktop.js'));

const besideBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const builder = createRequire(besideBuilder.resolve('app-builder-lib/package.json'));

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'impasto-package-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A folder that electron-builder takes for an unpacked Electron. */
async function standInElectron(): Promise<string> {
  const folder = join(scratch, 'electron');
  await mkdir(join(folder, 'locales'), { recursive: true });
  for (const name of ['electron', 'version', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) {
    await writeFile(join(folder, name), 'stand-in');
  }
  await chmod(join(folder, 'electron'), 0o755);
  return folder;
}

describe.skipIf(!asked || !possible)(
  'a packed studio (long; IMPASTO_LONG=1, Linux x64, npm run build)',
  () => {
    test('is packed without a network, holds this platform only, and makes a picture from what it holds', async () => {
      const { load } = builder('js-yaml') as { load: (text: string) => Record<string, unknown> };
      const config = {
        ...load(await readFile(join(REPOSITORY, 'electron-builder.yml'), 'utf8')),
        directories: { output: join(scratch, 'dist'), buildResources: 'resources/packaging' },
        electronDist: await standInElectron(),
        electronVersion: '45.4.1',
        // The stand-in has no fuses to set.
        electronFuses: null,
      };
      await writeFile(join(scratch, 'config.json'), JSON.stringify(config));
      await promisify(execFile)(
        process.execPath,
        [
          besideBuilder.resolve('electron-builder/cli.js'),
          '--linux',
          'dir',
          '--x64',
          '--config',
          join(scratch, 'config.json'),
        ],
        { cwd: REPOSITORY },
      );
      const resources = join(scratch, 'dist/linux-unpacked/resources');
      const binaries = globSync('app.asar.unpacked/**/*.{node,dll,dylib}', { cwd: resources });
      expect(binaries.length).toBeGreaterThanOrEqual(4);
      expect(binaries.filter((path) => !/linux[-/]x64/.test(path))).toEqual([]);

      const asar = (await import(builder.resolve('@electron/asar'))) as {
        extractAll(archive: string, to: string): void;
      };
      const unpacked = join(scratch, 'extracted');
      asar.extractAll(join(resources, 'app.asar'), unpacked);
      expect(existsSync(join(unpacked, 'main'))).toBe(false);
      expect(existsSync(join(unpacked, 'node_modules/react'))).toBe(false);
      const { child, url, exited } = await serve({ scratch, root: unpacked });
      await useEverything(url);
      child.kill('SIGINT');
      expect(await exited).toBe(0);
    }, 300_000);
  },
);
