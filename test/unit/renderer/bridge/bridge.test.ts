import { describe, expect, test } from 'vitest';
import type { StudioBridge, StudioEvent } from '../../../../preload/contract/index.ts';
import { createBridge } from '../../../../renderer/bridge/bridge.ts';
import { createConnection } from '../../../../renderer/bridge/connection.ts';
import { contractCheck } from '../../../../renderer/bridge/contract-check.ts';
import { retryDelay } from '../../../../renderer/bridge/retry-delay.ts';
import { takeToken } from '../../../../renderer/bridge/token.ts';

function studioAnswering(envelope: unknown): StudioBridge & { emit(event: unknown): void } {
  const listeners = new Set<(event: StudioEvent) => void>();
  return {
    request: () => Promise.resolve(envelope as never),
    readPixelsNow: () => envelope as never,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dialogs: null,
    emit: (event) => listeners.forEach((listener) => listener(event as StudioEvent)),
  };
}

const info = { version: '1', host: 'headless', platform: 'linux', documentsFolder: '/d', samplers: [] };
const connection = createConnection({ state: 'open' });

describe('the bridge', () => {
  test('gives the value of an answer, and throws its error with code and remedy', async () => {
    const good = createBridge(studioAnswering({ ok: true, value: info }), connection, contractCheck);
    expect(await good.request('studio.info', {})).toEqual(info);
    const error = { code: 'document/not-found', message: 'Gone.', remedy: 'Look.' };
    const bad = createBridge(studioAnswering({ ok: false, error }), connection, contractCheck);
    await expect(bad.request('studio.info', {})).rejects.toMatchObject({ name: 'StudioError', ...error });
  });

  test('in development, names an answer or event that breaks the contract', async () => {
    const studio = studioAnswering({ ok: true, value: { ...info, host: 'toaster' } });
    const bridge = createBridge(studio, connection, contractCheck);
    await expect(bridge.request('studio.info', {})).rejects.toThrow(
      /studio\.info breaks the contract[\s\S]*host/,
    );
    bridge.subscribe(() => {});
    expect(() => studio.emit({ name: 'generation.recovered', payload: {} })).toThrow(/breaks the contract/);
    // As shipped: the studio's word is taken.
    expect(await createBridge(studio, connection, null).request('studio.info', {})).toHaveProperty(
      'host',
      'toaster',
    );
  });

  test('passes on events of one name', () => {
    const studio = studioAnswering(null);
    const seen: string[] = [];
    createBridge(studio, connection, null).on('generation.recovered', ({ message }) => seen.push(message));
    studio.emit({ name: 'studio.notice', payload: { level: 'info', message: 'no', remedy: '' } });
    studio.emit({ name: 'generation.recovered', payload: { jobId: '1', message: 'yes' } });
    expect(seen).toEqual(['yes']);
  });
});

test('pauses double from half a second to fifteen', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 100].map((n) => retryDelay(n, 0.5))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
  ]);
  expect(retryDelay(3, 0)).toBe(3200);
  expect(retryDelay(3, 0.999)).toBeLessThan(4800);
});

describe('the token', () => {
  function page(
    hash: string,
    kept: string | null,
    answer?: string,
  ): Parameters<typeof takeToken>[0] & { shown: string[]; kept: Map<string, string> } {
    const store = new Map(kept === null ? [] : [['impasto.token', kept]]);
    const shown: string[] = [];
    return {
      shown,
      kept: store,
      location: { hash, pathname: '/', search: '' },
      history: {
        replaceState: (_data: unknown, _title: string, url?: string | URL | null) =>
          void shown.push(String(url)),
      },
      storage: {
        getItem: (key) => store.get(key) ?? null,
        setItem: (key, value) => void store.set(key, value),
      },
      fetch: () =>
        Promise.resolve(answer === undefined ? new Response('', { status: 401 }) : new Response(answer)),
    };
  }

  test('is taken out of the address and kept for reloads', async () => {
    const first = page('#token=abc', null);
    expect(await takeToken(first)).toBe('abc');
    expect(first.shown).toEqual(['/']);
    expect(await takeToken(page('', first.kept.get('impasto.token') ?? null))).toBe('abc');
  });

  test('is had for a ticket', async () => {
    const opened = page('#ticket=once', null, 'abc');
    expect(await takeToken(opened)).toBe('abc');
    expect(opened.shown).toEqual(['/']);
  });

  test('is null without any, and with a ticket that was used', async () => {
    expect(await takeToken(page('', null))).toBeNull();
    expect(await takeToken(page('#ticket=used', null))).toBeNull();
    // A reload of a tab that was opened by ticket.
    expect(await takeToken(page('#ticket=used', 'kept'))).toBe('kept');
  });
});
