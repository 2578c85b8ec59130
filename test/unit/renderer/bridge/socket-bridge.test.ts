import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket as NodeSocket } from 'ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSocketBridge, type SocketBridge } from '../../../../renderer/bridge/socket-bridge.ts';
import type { Connection } from '../../../../renderer/bridge/connection.ts';
import { startServer } from '../../../../main/server/start-server.ts';
import type { Envelope, StudioEvent } from '../../../../preload/contract/index.ts';
import { fakeStudio, pageFolder, testServer } from '../../main/server/support.ts';

interface Rig {
  bridge: SocketBridge;
  /** Cuts the current socket without a word, as a network does. */
  cut: () => void;
  /** While false, no socket can be opened. */
  network: { up: boolean };
  states: Connection['state'][];
}

function rig(
  server: { port: number; token: string },
  options: { token?: string; silenceMs?: number } = {},
): Rig {
  const network = { up: true };
  let socket: NodeSocket | undefined;
  const bridge = createSocketBridge({
    token: options.token ?? server.token,
    sessionId: `test-session-${Math.random().toString(36).slice(2)}-0000`,
    ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    open(query, protocols) {
      const port = network.up ? server.port : 1;
      socket = new NodeSocket(`ws://127.0.0.1:${port}/studio${query}`, protocols, {
        origin: `http://127.0.0.1:${server.port}`,
      });
      socket.on('error', () => {});
      return socket as unknown as WebSocket;
    },
    readNow: () => {
      throw new Error('Nothing here stands still.');
    },
    async isKnown(token) {
      if (!network.up) return null;
      const answer = await fetch(`http://127.0.0.1:${server.port}/session`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.ok;
    },
  });
  const states: Connection['state'][] = [];
  bridge.connection.subscribe(() => states.push(bridge.connection.read().state));
  onTestFinished(() => bridge.close());
  return { bridge, cut: () => socket?.terminate(), network, states };
}

const open = async ({ bridge }: Pick<Rig, 'bridge'>): Promise<void> => {
  await expect.poll(() => bridge.connection.read().state, { interval: 5 }).toBe('open');
};

/** A port that takes connections and never answers. */
async function muteServer(): Promise<{ port: number }> {
  const held = new Set<Socket>();
  const server = createServer((socket) => held.add(socket.on('error', () => {})));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
    server.close();
  });
  return server.address() as AddressInfo;
}

describe('the socket bridge', () => {
  test('asks, is answered, and hears events', async () => {
    const studio = fakeStudio();
    const { bridge } = rig(await testServer(studio));
    await open({ bridge });
    const events: StudioEvent[] = [];
    const stop = bridge.subscribe((event) => events.push(event));
    expect(await bridge.request('settings.write', { key: 'a', value: new Uint8Array([1, 2, 3]) })).toEqual({
      ok: true,
      value: { key: 'a', value: new Uint8Array([1, 2, 3]) },
    });
    const notice: StudioEvent = {
      name: 'studio.notice',
      payload: { level: 'info', message: 'Hi.', remedy: '' },
    };
    studio.emit(notice);
    await expect.poll(() => events).toEqual([notice]);
    stop();
    studio.emit(notice);
    await bridge.request('studio.info', {});
    expect(events).toHaveLength(1);
  });

  test('leaves undefined out, as structured clone users expect optional fields to be', async () => {
    const studio = fakeStudio();
    const { bridge } = rig(await testServer(studio));
    await bridge.request('settings.write', { key: 'a', value: { present: null, absent: undefined } });
    expect(studio.calls[0]?.params).toEqual({ key: 'a', value: { present: null } });
    expect(studio.calls[0]?.params).not.toHaveProperty('value.absent');
  });

  test('keeps what is asked while the link is down and sends it in order', async () => {
    const studio = fakeStudio();
    const all = rig(await testServer(studio));
    const { bridge, network, cut, states } = all;
    await open({ bridge });
    network.up = false;
    cut();
    await expect.poll(() => bridge.connection.read().state).toBe('lost');
    const answers = [1, 2, 3, 4].map((value) => bridge.request('settings.write', { key: 'stroke', value }));
    expect(bridge.connection.read()).toMatchObject({ state: 'lost', waiting: 4 });
    await sleep(700);
    expect(studio.calls).toHaveLength(0);
    network.up = true;
    bridge.connection.retryNow();
    await open(all);
    const done = await Promise.all(answers);
    expect(done.every((envelope) => envelope.ok)).toBe(true);
    expect(studio.calls.map(({ params }) => (params as { value: number }).value)).toEqual([1, 2, 3, 4]);
    expect(states.at(-1)).toBe('open');
  });

  test('runs every stroke once, in order, over a link that is cut again and again', async () => {
    const studio = fakeStudio(async (_, params) => {
      await sleep(1);
      return { ok: true, value: params };
    });
    const all = rig(await testServer(studio));
    await open(all);
    const count = 300;
    const answers: Promise<Envelope<unknown>>[] = [];
    for (let value = 0; value < count; value += 1) {
      answers.push(all.bridge.request('settings.write', { key: 'stroke', value }));
      if (value % 23 === 0) all.cut();
      if (value % 10 === 0) all.bridge.connection.retryNow();
      await sleep(2);
    }
    all.bridge.connection.retryNow();
    const done = await Promise.all(answers);
    expect(done.filter((envelope) => !envelope.ok)).toEqual([]);
    const ran = studio.calls.map(({ params }) => (params as { value: number }).value);
    expect(ran).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test('comes back by itself, with growing pauses', async () => {
    const all = rig(await testServer());
    const { bridge, network, cut } = all;
    await open({ bridge });
    network.up = false;
    cut();
    await expect.poll(() => bridge.connection.read().state).toBe('lost');
    const pauses: number[] = [];
    bridge.connection.subscribe(() => {
      const state = bridge.connection.read();
      if (state.state === 'lost') pauses.push(state.retryAt - Date.now());
    });
    const since = (bridge.connection.read() as { since: number }).since;
    await expect.poll(() => pauses.length).toBeGreaterThanOrEqual(2);
    expect(pauses[1]).toBeGreaterThan(pauses[0] ?? Infinity);
    expect((bridge.connection.read() as { since: number }).since).toBe(since);
    network.up = true;
    await open(all);
  });

  test('says so when the studio was restarted, and runs nothing twice', async () => {
    const page = await pageFolder();
    const options = { page, version: '0', address: '127.0.0.1', token: 'x'.repeat(43), log() {} };
    const hangs = fakeStudio(() => new Promise(() => {}));
    const first = await startServer({ ...options, studio: hangs, port: 0 });
    const all = rig({ port: first.port, token: options.token });
    await open(all);
    const stroke = all.bridge.request('settings.write', { key: 'stroke', value: 1 });
    await expect.poll(() => hangs.calls.length).toBe(1);
    await first.close();
    const again = fakeStudio();
    const second = await startServer({ ...options, studio: again, port: first.port });
    onTestFinished(() => second.close());
    expect(await stroke).toMatchObject({ ok: false, error: { code: 'link/studio-restarted' } });
    expect(again.calls).toHaveLength(0);
    expect(await all.bridge.request('studio.info', {})).toMatchObject({ ok: true });
  });

  test('gives up when the token is refused', async () => {
    const { bridge } = rig(await testServer(), { token: 'y'.repeat(43) });
    await expect.poll(() => bridge.connection.read().state).toBe('refused');
    expect(await bridge.request('studio.info', {})).toMatchObject({
      ok: false,
      error: { code: 'link/refused' },
    });
  });

  test('notices a link that died without a word', async () => {
    // The host's beats come every 15 s, so within this limit the link looks dead.
    const { states } = rig(await testServer(), { silenceMs: 150 });
    await expect.poll(() => states.filter((state) => state === 'lost').length).toBeGreaterThan(0);
  });

  // A machine that stands still for as long as the silence breaks the link; not four times in a row.
  test('stays on a link that only beats', { retry: 3 }, async () => {
    const { bridge, states } = rig(await testServer(fakeStudio(), { beatMs: 30 }), { silenceMs: 400 });
    await open({ bridge });
    await sleep(900);
    expect(states.filter((state) => state === 'lost')).toEqual([]);
  });

  test('gives a try up whose first frame does not come, and goes on with another', async () => {
    const opened: NodeSocket[] = [];
    const mute = await muteServer();
    const server = await testServer();
    const bridge = createSocketBridge({
      token: server.token,
      sessionId: 'test-session-silent-0000',
      silenceMs: 400,
      readNow: () => {
        throw new Error('Nothing here stands still.');
      },
      open(query, protocols) {
        // The first try reaches a port that takes connections and says nothing.
        const port = opened.length === 0 ? mute.port : server.port;
        const socket = new NodeSocket(`ws://127.0.0.1:${port}/studio${query}`, protocols, {
          origin: `http://127.0.0.1:${server.port}`,
        });
        socket.on('error', () => {});
        opened.push(socket);
        return socket as unknown as WebSocket;
      },
      isKnown: async () => true,
    });
    onTestFinished(() => bridge.close());
    expect(bridge.connection.read()).toMatchObject({ state: 'lost', tried: false });
    const answer = bridge.request('studio.info', {});
    await expect.poll(() => bridge.connection.read()).toMatchObject({ state: 'lost', tried: true });
    expect(await answer).toMatchObject({ ok: true });
    expect(opened.length).toBeGreaterThanOrEqual(2);
  });

  test('passes on what the studio says when it takes no more pages, and comes in when one goes', async () => {
    const server = await testServer(fakeStudio(), { maxPages: 2 });
    const [first, second, third] = [rig(server), rig(server), rig(server)];
    await open(first);
    await open(second);
    await expect
      .poll(() => third.bridge.connection.read())
      .toMatchObject({ state: 'lost', tried: true, full: '2 pages are open already.' });
    first.bridge.close();
    third.bridge.connection.retryNow();
    await open(third);
    expect(await third.bridge.request('studio.info', {})).toMatchObject({ ok: true });
  });
});
