import { describe, expect, test } from 'vitest';
import type { StudioBridge, StudioEvent } from '../../../preload/contract/index.ts';

type Listener = (event: unknown, value: unknown) => void;
interface Ipc {
  invoke: (channel: string, ...args: unknown[]) => Promise<unknown>;
  sendSync: (channel: string, ...args: unknown[]) => unknown;
  on: (channel: string, listener: Listener) => void;
  off: (channel: string, listener: Listener) => void;
}

// By address: the preload has Electron's types, which tests of plain Node do without.
const address = new URL('../../../preload/bridge.ts', import.meta.url).href;
const { createDesktopBridge } = (await import(address)) as {
  createDesktopBridge: (ipc: Ipc) => StudioBridge;
};

function fakeIpc(answer: (channel: string, ...args: unknown[]) => unknown): {
  ipc: Ipc;
  emit: (channel: string, value: unknown) => void;
  count: (channel: string) => number;
} {
  const listeners = new Map<string, Set<Listener>>();
  const of = (channel: string): Set<Listener> =>
    listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel)!;
  const ipc: Ipc = {
    invoke: async (channel: string, ...args: unknown[]) => answer(channel, ...args),
    sendSync: (channel: string, ...args: unknown[]) => answer(channel, ...args),
    on: (channel: string, listener: Listener) => void of(channel).add(listener),
    off: (channel: string, listener: Listener) => void of(channel).delete(listener),
  };
  const emit = (channel: string, value: unknown): void => {
    for (const listener of of(channel)) listener({ sender: 'secret' }, value);
  };
  return { ipc, emit, count: (channel) => of(channel).size };
}

const notice: StudioEvent = { name: 'studio.notice', payload: { level: 'info', message: 'Hi.', remedy: '' } };

describe('the desktop bridge', () => {
  test('passes requests and their envelopes on as they are', async () => {
    const asked: unknown[] = [];
    const { ipc } = fakeIpc((...call) => {
      asked.push(call);
      return { ok: true, value: { fine: true } };
    });
    const params = { key: 'a', value: new Uint8Array([1]) };
    expect(await createDesktopBridge(ipc).request('settings.write', params)).toEqual({
      ok: true,
      value: { fine: true },
    });
    expect(asked).toEqual([['studio:request', 'settings.write', params]]);
  });

  test('waits for pixels that cannot be waited for otherwise, and turns what Electron throws into an envelope', () => {
    const params = { documentId: 'a', hashes: ['00'.repeat(32)] };
    const pixels = { ok: true, value: [new Uint8Array([1])] };
    const { ipc } = fakeIpc((channel, given) =>
      channel === 'studio:pixels' && given === params ? pixels : null,
    );
    expect(createDesktopBridge(ipc).readPixelsNow(params)).toBe(pixels);
    const broken = fakeIpc(() => {
      throw new Error('The window is closing.');
    });
    expect(createDesktopBridge(broken.ipc).readPixelsNow(params)).toMatchObject({
      ok: false,
      error: { code: 'link/unreachable' },
    });
  });

  test('never rejects: what Electron throws becomes an envelope', async () => {
    const { ipc } = fakeIpc(() => {
      throw new Error('An object could not be cloned.');
    });
    expect(await createDesktopBridge(ipc).request('studio.info', {})).toMatchObject({
      ok: false,
      error: { code: 'link/unreachable', message: expect.stringContaining('could not be cloned') as string },
    });
  });

  test('gives listeners the event and nothing of the sender, until they stop', () => {
    const { ipc, emit, count } = fakeIpc(() => null);
    const seen: unknown[][] = [];
    const stop = createDesktopBridge(ipc).subscribe((...args: unknown[]) => void seen.push(args));
    emit('studio:event', notice);
    expect(seen).toEqual([[notice]]);
    expect(stop()).toBeUndefined();
    emit('studio:event', notice);
    expect(seen).toHaveLength(1);
    expect(count('studio:event')).toBe(0);
  });

  test('asks for each dialog by its kind', async () => {
    const { ipc } = fakeIpc((channel, ...args) => [channel, ...args].join(' '));
    const { dialogs } = createDesktopBridge(ipc);
    expect(await dialogs?.openDocument()).toMatch(/^studio:dialog open-document/);
    expect(await dialogs?.openModel()).toMatch(/^studio:dialog open-model/);
    expect(await dialogs?.chooseFolder()).toMatch(/^studio:dialog choose-folder/);
    expect(await dialogs?.saveDocument('fox')).toBe('studio:dialog save-document fox');
  });

  test('exposes exactly the contract', () => {
    const { ipc } = fakeIpc(() => null);
    expect(Object.keys(createDesktopBridge(ipc)).sort()).toEqual([
      'dialogs',
      'readPixelsNow',
      'request',
      'subscribe',
    ]);
  });
});
