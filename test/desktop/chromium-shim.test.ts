import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { missingForShim, type ShimStudio, startShimStudio } from './shim-process.ts';

const missing = missingForShim();

describe.skipIf(missing !== null)(
  `desktop main and preload in the Chromium shim (not Electron)${missing === null ? '' : `: needs ${missing}`}`,
  () => {
    let studio: ShimStudio;
    beforeAll(async () => {
      studio = await startShimStudio();
      await vi.waitFor(async () => expect(await studio.evaluate('document.title')).toBe('Impasto'), {
        timeout: 30_000,
        interval: 200,
      });
    });
    afterAll(() => studio?.dispose());

    test('says that it is a shim', () => {
      expect(studio.output()).toContain('SHIM: this is not Electron');
    });

    test('opens one window, sandboxed and isolated, without Node', async () => {
      const calls = await vi.waitFor(async () => {
        const soFar = await studio.recorded();
        expect(soFar).toContainEqual({ what: 'show', detail: null });
        return soFar;
      }, 20_000);
      const windows = calls.filter(({ what }) => what === 'window');
      expect(windows).toHaveLength(1);
      expect(windows[0]?.detail).toMatchObject({
        webPreferences: {
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webSecurity: true,
          webviewTag: false,
          spellcheck: false,
        },
      });
      expect(calls).toContainEqual({ what: 'crashReporter.start', detail: { uploadToServer: false } });
    });

    test('shows the page from its own scheme, under the strict policy', async () => {
      const requests = (await studio.recorded()).filter(({ what }) => what === 'request');
      expect(requests[0]?.detail).toEqual({ url: 'impasto://studio/', cancelled: false });
      const policy = await studio.evaluate<string>(
        `fetch('/').then((response) => response.headers.get('content-security-policy'))`,
      );
      expect(policy).toContain("default-src 'none'");
      const evaluated = await studio.evaluate<string>(
        `(() => { const script = document.createElement('script'); script.textContent = 'window.hacked = 1';
          document.head.append(script); return typeof window.hacked; })()`,
      );
      expect(evaluated).toBe('undefined');
      expect(await studio.evaluate<number>(`fetch('/../package.json').then((r) => r.status)`)).toBe(404);
    });

    test('gives the page nothing of Node or Electron', async () => {
      const seen = await studio.evaluate<Record<string, string>>(
        `({ require: typeof require, process: typeof process, module: typeof module, Buffer: typeof Buffer,
            ipcRenderer: typeof ipcRenderer, electron: typeof electron,
            shimToMain: typeof shimToMain })`,
      );
      expect(new Set(Object.values(seen))).toEqual(new Set(['undefined']));
      expect(await studio.evaluate<string[]>('Object.keys(window.studio).sort()')).toEqual([
        'dialogs',
        'readPixelsNow',
        'request',
        'subscribe',
      ]);
    });

    test('answers the contract', async () => {
      const info = await studio.evaluate<{ ok: boolean; value: unknown }>(
        `studio.request('studio.info', {})`,
      );
      expect(info).toMatchObject({ ok: true, value: { host: 'desktop', platform: process.platform } });
      expect(await studio.evaluate(`studio.request('no.such.request', {})`)).toMatchObject({
        ok: false,
        error: { code: 'studio/unknown-request' },
      });
      expect(await studio.evaluate(`studio.request('settings.write', { key: 'NOT A KEY' })`)).toMatchObject({
        ok: false,
        error: { code: 'studio/invalid-params' },
      });
    });

    test('carries bytes both ways as they are', async () => {
      const report = await studio.evaluate<{ same: boolean; type: string; hash: unknown }>(`(async () => {
        const ask = async (name, params) => {
          const answer = await studio.request(name, params);
          if (!answer.ok) throw new Error(answer.error.code + ': ' + answer.error.message);
          return answer.value;
        };
        const { id: documentId } = await ask('documents.create', { name: 'bytes', width: 256, height: 256 });
        const layer = { id: 'probe', kind: 'paint', name: 'Probe', visible: true, opacity: 1, blend: 'normal',
          locked: false, alphaLocked: false, clipped: false, parent: null };
        const data = Uint8Array.from({ length: 262144 }, (_, i) => (i * 7 + (i >> 8)) & 255);
        await ask('documents.commit', { documentId, label: 'Bytes', changes: [
          { type: 'layer-add', layer, parent: null, index: 0 },
          { type: 'tiles', layerId: 'probe', tiles: [{ x: 0, y: 0, data }] } ] });
        const [tile] = await ask('documents.read-layer', { documentId, layerId: 'probe' });
        const { sha256 } = await ask('documents.pixel-hash', { documentId });
        await ask('documents.close', { documentId });
        return { same: tile.data.length === data.length && tile.data.every((byte, i) => byte === data[i]),
          type: Object.prototype.toString.call(tile.data), hash: sha256 };
      })()`);
      expect(report).toEqual({
        same: true,
        type: '[object Uint8Array]',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    });

    test('brings events to the page until it stops listening', async () => {
      await studio.evaluate(
        `window.seen = []; window.stop = studio.subscribe((event) => seen.push(event.name)); 0`,
      );
      const started = await studio.evaluate<{ ok: boolean; value: { jobId: string } }>(
        `studio.request('generation.start', { modelId: 'embedded', prompt: 'a red circle', negative: '', sampler: 'ddim',
          steps: 2, guidance: 1, seed: 1, noise: 'philox', width: 128, height: 128, init: null, adapters: [] })`,
      );
      expect(started).toMatchObject({ ok: true });
      await expect
        .poll(() => studio.evaluate<string[]>('seen'), { timeout: 30_000 })
        .toContain('generation.finished');
      expect(await studio.evaluate('stop(); typeof stop')).toBe('function');
    });

    test('shows native dialogs, and names a model folder by its index file', async () => {
      expect(await studio.evaluate('studio.dialogs.openModel()')).toBe('/models/toy');
      expect(await studio.evaluate('studio.dialogs.chooseFolder()')).toBe('/models');
      expect(await studio.evaluate(`studio.dialogs.saveDocument('../../etc/fox.impasto')`)).toBeNull();
      const saved = (await studio.recorded()).find(({ what }) => what === 'showSaveDialog');
      expect((saved!.detail as { defaultPath: string }).defaultPath).toMatch(/documents[/\\]fox\.impasto$/);
    });

    test('goes nowhere: no navigation, no windows, no permissions, no address outside', async () => {
      await studio.evaluate(`location.href = 'https://example.com/'; 0`);
      await studio.evaluate(`window.open('https://example.com/'); 0`);
      const blocked = await studio.evaluate<string>(
        `fetch('https://example.com/').then(() => 'reached', () => 'blocked')`,
      );
      expect(blocked).toBe('blocked');
      expect(await studio.evaluate<string>('location.pathname + document.title')).toBe('/Impasto');
      for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal']) {
        expect(await studio.ask({ ask: 'permission', permission })).toBe(false);
      }
      const outside = (await studio.recorded()).filter(
        ({ what, detail }) =>
          what === 'request' &&
          !(detail as { url: string }).url.startsWith('impasto://') &&
          !(detail as { cancelled: boolean }).cancelled,
      );
      expect(outside).toEqual([]);
    });

    test('may load its own page anew', async () => {
      await studio.evaluate(`window.old = true; location.reload(); 0`);
      await vi.waitFor(
        async () =>
          expect(await studio.evaluate('document.title + typeof window.old')).toBe('Impastoundefined'),
        { timeout: 20_000, interval: 200 },
      );
      expect(await studio.evaluate(`studio.request('studio.info', {}).then(({ ok }) => ok)`)).toBe(true);
    });

    test('a second start brings the open window to the front', async () => {
      await studio.ask({ ask: 'second-instance' });
      const calls = await studio.recorded();
      expect(calls.filter(({ what }) => what === 'window')).toHaveLength(1);
      expect(calls).toContainEqual({ what: 'focus', detail: null });
    });

    test('threw nothing into the page’s console', async () => {
      const faults = (await studio.recorded()).filter(
        ({ what, detail }) =>
          what === 'pageerror' ||
          (what === 'console' &&
            String(detail).startsWith('error') &&
            !/example\.com|inline script|404/.test(String(detail))),
      );
      expect(faults).toEqual([]);
    });

    test('closes its services before it ends', async () => {
      expect(await studio.quit()).toBe(0);
      expect(studio.output()).not.toMatch(/Error|Unhandled/);
    });
  },
);
