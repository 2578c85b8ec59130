import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { studioFolders } from '../../../../main/hosting/folders.ts';
import { locateInstallation } from '../../../../main/hosting/installation.ts';
import { listPageFiles } from '../../../../main/hosting/page-files.ts';
import { CONTENT_SECURITY_POLICY } from '../../../../main/hosting/page-policy.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'impasto-hosting-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('folders', () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string> = {}, home = '/home/ada'): string =>
    studioFolders({ env, platform, home }).data;

  test('follow each platform', () => {
    expect(on('linux')).toBe('/home/ada/.local/share/impasto');
    expect(on('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/impasto');
    expect(on('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/ada/.local/share/impasto');
    expect(on('darwin')).toBe('/home/ada/Library/Application Support/Impasto');
    expect(on('win32', { LOCALAPPDATA: '/local' })).toBe(join('/local', 'Impasto'));
  });

  test('use Documents where there is one', async () => {
    const surroundings = { env: {}, platform: 'linux', home: scratch } as const;
    expect(studioFolders(surroundings).documents).toBe(join(scratch, 'Impasto'));
    await mkdir(join(scratch, 'Documents'));
    expect(studioFolders(surroundings).documents).toBe(join(scratch, 'Documents', 'Impasto'));
  });

  test('give way to the environment', () => {
    const env = { IMPASTO_DATA: '/elsewhere/data', IMPASTO_DOCUMENTS: '/elsewhere/documents' };
    expect(studioFolders({ env, platform: 'darwin', home: '/home/ada' })).toEqual({
      data: resolve('/elsewhere/data'),
      documents: resolve('/elsewhere/documents'),
    });
  });
});

describe('the installation', () => {
  const repository = resolve(import.meta.dirname, '../../../..');

  test('runs children from sources when it runs from sources', () => {
    const { root, version, entries, embeddedModel } = locateInstallation();
    expect(root).toBe(repository);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(entries.worker).toBe(join(repository, 'main/inference/worker/main.ts'));
    expect(existsSync(join(embeddedModel, 'model_index.json'))).toBe(true);
  });

  test('runs children from bundles when it runs from one, however deep', () => {
    for (const from of ['out/main', 'out/main/chunks']) {
      expect(locateInstallation(join(repository, from)).entries).toEqual({
        worker: join(repository, 'out/main/worker.js'),
        probe: join(repository, 'out/main/probe.js'),
        converter: join(repository, 'out/main/converter.js'),
        trainer: join(repository, 'out/main/trainer.js'),
      });
    }
  });

  test('looks for files of native code beside the archive', async () => {
    const archive = join(scratch, 'app.asar');
    await mkdir(join(archive, 'out', 'main'), { recursive: true });
    await writeFile(join(archive, 'package.json'), '{"name":"impasto","version":"9.8.7"}');
    const found = locateInstallation(join(archive, 'out', 'main'));
    expect(found.version).toBe('9.8.7');
    expect(found.page).toBe(join(archive, 'out', 'renderer'));
    expect(found.embeddedModel).toBe(
      join(scratch, 'app.asar.unpacked', 'native-models', 'embedded', 'model'),
    );
  });

  test('that is not there is an error', () => {
    expect(() => locateInstallation('/')).toThrow(
      expect.objectContaining({ code: 'host/installation-incomplete' }) as Error,
    );
  });
});

describe('page files', () => {
  test('are listed by URL path, with index.html at the root', async () => {
    const page = join(scratch, 'page');
    await mkdir(join(page, 'assets', 'a b'), { recursive: true });
    await writeFile(join(page, 'index.html'), 'hello');
    await writeFile(join(page, 'assets', 'main-Ab_-1234.js'), '');
    await writeFile(join(page, 'assets', 'a b', 'ü.bin'), '');
    const files = await listPageFiles(page);
    expect([...files.keys()].sort()).toEqual([
      '/',
      '/assets/a%20b/%C3%BC.bin',
      '/assets/main-Ab_-1234.js',
      '/index.html',
    ]);
    expect(files.get('/')).toEqual({
      path: join(page, 'index.html'),
      type: 'text/html; charset=utf-8',
      bytes: 5,
      immutable: false,
    });
    expect(files.get('/assets/main-Ab_-1234.js')?.immutable).toBe(true);
    expect(files.get('/assets/a%20b/%C3%BC.bin')?.type).toBe('application/octet-stream');
  });
});

test('the policy allows exactly the style sheet that the installed React Aria adds', async () => {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(
    createRequire(require.resolve('react-aria-components')).resolve('react-aria/package.json'),
  );
  const source = await readFile(join(packageFolder, 'dist/private/interactions/usePress.mjs'), 'utf8');
  const attribute = /PRESSABLE_ATTRIBUTE = '([\w-]+)'/.exec(source)?.[1] ?? '';
  const template = /style\.textContent = `([\s\S]*?)`\.trim\(\)/.exec(source)?.[1] ?? '';
  const text = template.replace(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/, attribute).trim();
  expect(text).toContain('touch-action');
  expect(CONTENT_SECURITY_POLICY).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
});
