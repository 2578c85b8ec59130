import { beforeEach, describe, expect, test, vi } from 'vitest';
import { listenToPages } from '../../main/desktop/ipc.ts';

type Handler = (event: unknown, ...args: unknown[]) => unknown;
const handlers = vi.hoisted(() => new Map<string, Handler>());
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
    on: (channel: string, handler: Handler) => handlers.set(channel, handler),
  },
  protocol: {},
}));

const handle = vi.fn(() => Promise.resolve({ ok: true as const, value: 'answer' }));
const restDocument = vi.fn(() => Promise.resolve());
const showDialog = vi.fn(() => Promise.resolve('/chosen'));

beforeEach(() => {
  handlers.clear();
  handle.mockClear();
  showDialog.mockClear();
  listenToPages({ studio: Promise.resolve({ handle, restDocument }), showDialog });
});

/** A message from a frame; `top` says whether it is the window's own. */
function from(url: string | null, top = true): unknown {
  const senderFrame = url === null ? null : { url };
  return {
    senderFrame,
    sender: { id: 1, once: () => {}, mainFrame: top ? senderFrame : { url: 'impasto://studio/' } },
  };
}

const ask = (channel: string, event: unknown, ...args: unknown[]): unknown =>
  handlers.get(channel)?.(event, ...args);

describe('messages from pages', () => {
  test.each(['impasto://studio', 'impasto://studio/', 'impasto://studio/index.html#x'])(
    'are answered for %s',
    async (url) => {
      expect(await ask('studio:request', from(url), 'studio.info', {})).toEqual({
        ok: true,
        value: 'answer',
      });
      expect(handle).toHaveBeenCalledWith('studio.info', {});
    },
  );

  test('that stand still for pixels get them, and foreign ones a refusal', async () => {
    const ours = from('impasto://studio/') as { returnValue?: unknown };
    ask('studio:pixels', ours, { documentId: 'a', hashes: [] });
    await expect.poll(() => ours.returnValue).toEqual({ ok: true, value: 'answer' });
    expect(handle).toHaveBeenCalledWith('documents.read-pixels', { documentId: 'a', hashes: [] });
    const foreign = from('https://example.com/') as { returnValue?: unknown };
    ask('studio:pixels', foreign, { documentId: 'a', hashes: [] });
    await expect
      .poll(() => foreign.returnValue)
      .toMatchObject({ ok: false, error: { code: 'studio/foreign-sender' } });
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['a foreign page', from('https://example.com/')],
    ['a name that begins like ours', from('impasto://studio.example.com/')],
    ['another host of our scheme', from('impasto://other/')],
    ['a blank page', from('about:blank')],
    ['a frame inside our page', from('impasto://studio/', false)],
    ['a frame that is gone', from(null)],
  ])('are refused for %s', async (_, event) => {
    expect(await ask('studio:request', event, 'studio.info', {})).toMatchObject({
      ok: false,
      error: { code: 'studio/foreign-sender' },
    });
    expect(await ask('studio:dialog', event, 'open-model')).toBeNull();
    expect(handle).not.toHaveBeenCalled();
    expect(showDialog).not.toHaveBeenCalled();
  });

  test('open known dialogs only, with a bounded name', async () => {
    const event = from('impasto://studio/');
    expect(await ask('studio:dialog', event, 'format-disk')).toBeNull();
    expect(await ask('studio:dialog', event, 'save-document', 'x'.repeat(5000))).toBe('/chosen');
    expect(await ask('studio:dialog', event, 'open-model', { not: 'a name' })).toBe('/chosen');
    expect(showDialog.mock.calls.map(([kind, name]: unknown[]) => [kind, (name as string).length])).toEqual([
      ['save-document', 200],
      ['open-model', 0],
    ]);
  });
});
