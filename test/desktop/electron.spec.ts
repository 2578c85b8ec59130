import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** The fetched Electron program, or why there is none. */
function findElectron(): { path: string } | { missing: string } {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  const path = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : '';
  if (!existsSync(path)) return { missing: 'no Electron binary (npx install-electron)' };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { missing: 'no display (xvfb-run)' };
  }
  return { path };
}

const electron = findElectron();

test.describe('the desktop studio in real Electron', () => {
  test.skip('missing' in electron, 'missing' in electron ? `needs Electron: ${electron.missing}` : '');
  test.describe.configure({ mode: 'serial' });

  let application: ElectronApplication;
  let page: Page;
  let scratch: string;

  test.beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'impasto-electron-'));
    application = await _electron.launch({
      ...('path' in electron ? { executablePath: electron.path } : {}),
      args: [REPOSITORY, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: {
        ...(process.env as Record<string, string>),
        IMPASTO_DATA: join(scratch, 'data'),
        IMPASTO_DOCUMENTS: join(scratch, 'documents'),
      },
    });
    page = await application.firstWindow();
    await page.waitForLoadState('load');
  });

  test.afterAll(async () => {
    await application?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  test('opens one window on the page’s own scheme', async () => {
    expect(application.windows()).toHaveLength(1);
    expect(page.url()).toBe('impasto://studio/');
    expect(await page.title()).toBe('Impasto');
  });

  test('gives the page the contract and nothing of Node', async () => {
    expect(await page.evaluate('Object.keys(window.studio).sort().join()')).toBe('dialogs,request,subscribe');
    expect(await page.evaluate('[typeof require, typeof process, typeof module].join()')).toBe(
      'undefined,undefined,undefined',
    );
  });

  test('is sandboxed and isolated', async () => {
    const preferences = await application.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  });

  test('answers requests, bytes as they are', async () => {
    const info = await page.evaluate(`studio.request('studio.info', {})`);
    expect(info).toMatchObject({ ok: true, value: { host: 'desktop' } });
    const echoed = await page.evaluate(`(async () => {
      const created = await studio.request('documents.create', { name: 'bytes', width: 256, height: 256 });
      const documentId = created.value.id;
      const data = Uint8Array.from({ length: 262144 }, (_, i) => i & 255);
      const layer = { id: 'probe', kind: 'paint', name: 'Probe', visible: true, opacity: 1, blend: 'normal',
        locked: false, alphaLocked: false, clipped: false, parent: null };
      await studio.request('documents.commit', { documentId, label: 'Bytes', changes: [
        { type: 'layer-add', layer, parent: null, index: 0 },
        { type: 'tiles', layerId: 'probe', tiles: [{ x: 0, y: 0, data }] } ] });
      const read = await studio.request('documents.read-layer', { documentId, layerId: 'probe' });
      return read.value[0].data.every((byte, i) => byte === (i & 255));
    })()`);
    expect(echoed).toBe(true);
  });

  test('makes a picture in a utility process', async () => {
    await page.evaluate(`window.names = []; studio.subscribe((event) => names.push(event.name)); 0`);
    const started = await page.evaluate(
      `studio.request('generation.start', { modelId: 'embedded', prompt: 'a red circle', negative: '', sampler: 'ddim',
        steps: 2, guidance: 1, seed: 1, noise: 'philox', width: 128, height: 128, init: null, adapters: [] })`,
    );
    expect(started).toMatchObject({ ok: true });
    await expect.poll(() => page.evaluate('names'), { timeout: 60_000 }).toContain('generation.finished');
    const utilities = await application.evaluate(({ app }) =>
      app
        .getAppMetrics()
        .filter(({ serviceName, name }) => `${serviceName} ${name}`.includes('Impasto worker')),
    );
    expect(utilities).toHaveLength(1);
  });

  test('goes nowhere', async () => {
    await page.evaluate(`location.href = 'https://example.com/'; 0`);
    await page.evaluate(`window.open('https://example.com/'); 0`);
    expect(await page.evaluate(`fetch('https://example.com/').then(() => 'reached', () => 'blocked')`)).toBe(
      'blocked',
    );
    expect(page.url()).toBe('impasto://studio/');
    expect(application.windows()).toHaveLength(1);
    expect(
      await page.evaluate(`navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`),
    ).toBe('denied');
  });

  test('closes its services and ends', async () => {
    const child = application.process();
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    await application.evaluate(({ app }) => app.quit()).catch(() => null);
    expect(await exited).toBe(0);
  });
});
