import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../../../main/server/start-server.ts';
import type { Raster } from '../../../../preload/contract/index.ts';
import { readFrame } from '../../../../renderer/bridge/frames.ts';
import { fakeStudio, openClient, pageFolder, testServer } from './support.ts';

/** A plain GET whose path and headers are sent exactly as given. */
function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject).end();
  });
}

describe('the page', () => {
  test('is served with its type and a strict policy', async () => {
    const { port } = await testServer();
    const index = await get(port, '/');
    expect(index.status).toBe(200);
    expect(index.body).toContain('<title>Impasto');
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(index.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|http:/);
    expect(index.headers['x-content-type-options']).toBe('nosniff');
    expect(index.headers['referrer-policy']).toBe('no-referrer');
    expect(index.headers['cache-control']).toBe('no-cache');
    const script = await get(port, '/assets/index-AbCd1234.js?v=1');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/assets/',
    '/assets',
    '/./index.html',
    '/index.html%00.js',
    '/%',
    '/secret.txt',
  ])('does not lead outside its folder: %s', async (path) => {
    const { port } = await testServer();
    const answer = await get(port, path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('not for the page');
  });

  test('is not given to a name that is not ours, nor to other methods', async () => {
    const { port } = await testServer();
    expect((await get(port, '/', { host: `evil.example:${port}` })).status).toBe(421);
    expect((await get(port, '/', { host: '127.0.0.1:1' })).status).toBe(421);
    expect((await get(port, '/', { host: `localhost:${port}` })).status).toBe(200);
    expect((await get(port, '/', {}, 'POST')).status).toBe(405);
    expect((await get(port, '/', {}, 'OPTIONS')).status).toBe(405);
  });

  test('that is not built is an error that says how to build it', async () => {
    await expect(testServer(fakeStudio(), { page: '/nonexistent/page' })).rejects.toMatchObject({
      code: 'host/page-missing',
    });
  });

  test('a port in use is an error with the port in it', async () => {
    const { port } = await testServer();
    const second = startServer({
      studio: fakeStudio(),
      page: await pageFolder(),
      version: '0',
      address: '127.0.0.1',
      port,
      token: 't',
      log() {},
    });
    await expect(second).rejects.toMatchObject({
      code: 'host/port-unavailable',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
  });
});

describe('the token', () => {
  test('is asked for by GET /session', async () => {
    const { port, token } = await testServer();
    expect((await get(port, '/session')).status).toBe(401);
    expect((await get(port, '/session', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get(port, '/session', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('is asked for by GET /pixels, which answers with a frame', async () => {
    const studio = fakeStudio();
    const { port, token } = await testServer(studio);
    const path = `/pixels?document=doc&hashes=${'ab'.repeat(32)},${'cd'.repeat(32)}`;
    expect((await get(port, path)).status).toBe(401);
    expect((await get(port, path, { authorization: 'Bearer wrong' })).status).toBe(401);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    expect(readFrame(await response.arrayBuffer())).toMatchObject({ kind: 'answer', id: 0 });
    expect(studio.calls).toEqual([
      {
        name: 'documents.read-pixels',
        params: { documentId: 'doc', hashes: ['ab'.repeat(32), 'cd'.repeat(32)] },
      },
    ]);
  });

  test('is given for a ticket, once', async () => {
    const server = await testServer();
    const ticket = new URL(server.ticketUrl()).hash.replace('#ticket=', '');
    const headers = { authorization: `Ticket ${ticket}` };
    expect(await get(server.port, '/session', headers)).toMatchObject({ status: 200, body: server.token });
    expect(await get(server.port, '/session', headers)).toMatchObject({ status: 401, body: '' });
    expect(server.ticketUrl()).not.toContain(server.token);
  });

  test.each([
    ['a wrong token', { token: 'x'.repeat(43) }, 401],
    ['no token', { protocols: ['impasto.v1'] }, 401],
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['an origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a rebound host name', { host: 'evil.example', origin: 'http://evil.example' }, 421],
    ['another path', { path: '/other?session=session-0123456789' }, 404],
    ['no session', { path: '/studio' }, 400],
  ])('a socket with %s is refused', async (_, options, status) => {
    const server = await testServer();
    await expect(openClient(server, options)).rejects.toThrow(`HTTP ${status}`);
    expect(server.logs).toHaveLength(1);
    expect(server.logs.join()).not.toContain(server.token);
  });
});

describe('requests', () => {
  test('carry bytes both ways as they are', async () => {
    const studio = fakeStudio();
    const client = await openClient(await testServer(studio));
    expect(await client.next()).toMatchObject({ welcome: true, resumed: false });
    const rgba = Uint8Array.from({ length: 4096 }, (_, i) => i);
    client.send({ id: 1, ack: 0, name: 'documents.list', params: { rgba, seed: Number.MAX_SAFE_INTEGER } });
    const answer = await client.next();
    expect(answer).toEqual({ id: 1, envelope: { ok: true, value: { rgba, seed: Number.MAX_SAFE_INTEGER } } });
    const received = (studio.calls[0]!.params as { rgba: Uint8Array }).rgba;
    // Structured clone and schemas expect plain byte arrays.
    expect(Object.getPrototypeOf(received)).toBe(Uint8Array.prototype);
  });

  test('that fail bring the envelope with its code', async () => {
    const error = { code: 'studio/unknown-request', message: 'No.', remedy: 'Reload.' };
    const client = await openClient(await testServer(fakeStudio(() => ({ ok: false, error }))));
    await client.next();
    client.send({ id: 1, ack: 0, name: 'no.such', params: {} });
    expect(await client.next()).toEqual({ id: 1, envelope: { ok: false, error } });
  });

  test('answers that no message can carry become an error, and the link stays', async () => {
    const client = await openClient(
      await testServer(fakeStudio((_, params) => ({ ok: true, value: params === 1 ? () => 1 : 'fine' }))),
    );
    await client.next();
    client.send({ id: 1, ack: 0, name: 'a', params: 1 });
    expect(await client.next()).toMatchObject({
      id: 1,
      envelope: { ok: false, error: { code: 'studio/bug' } },
    });
    client.send({ id: 2, ack: 1, name: 'a', params: 2 });
    expect(await client.next()).toMatchObject({ id: 2, envelope: { ok: true, value: 'fine' } });
  });

  test.each([
    ['bytes that are no MessagePack', new Uint8Array([0xc1])],
    ['an array of 2^32 entries in five bytes', new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff])],
    ['no id', encode({ ack: 0, name: 'a', params: {} })],
    ['a negative id', encode({ id: -1, ack: 0, name: 'a', params: {} })],
    ['a prototype key', encode(JSON.parse('{"__proto__": 1}') as object)],
    ['a field too many', encode({ id: 1, ack: 0, name: 'a', params: {}, more: 1 })],
  ])('a frame with %s closes its socket and nothing else', async (_, frame) => {
    const server = await testServer();
    const client = await openClient(server);
    client.send(frame);
    expect(await client.closed).toBe(4400);
    const other = await openClient(server, { session: 'another-0123456789' });
    await other.next();
    other.send({ id: 1, ack: 0, name: 'a', params: 5 });
    expect(await other.next()).toMatchObject({ envelope: { value: 5 } });
  });

  test('text frames close the socket', async () => {
    const client = await openClient(await testServer());
    client.socket.send('hello');
    expect(await client.closed).toBe(1003);
  });

  test('a frame above the limit closes the socket before it is held in memory', async () => {
    const client = await openClient(await testServer());
    await client.next();
    const before = process.memoryUsage().rss;
    // A header that announces 1 TiB, masked, final, binary; no payload follows.
    const header = Buffer.from([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    const raw = client.socket as unknown as { _socket: { write(data: Buffer): void } };
    raw._socket.write(header);
    expect(await client.closed).toBe(1009);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });
});

describe('a dropped link', () => {
  test('runs a repeated request once and answers it again', async () => {
    let finish = (): void => {};
    const studio = fakeStudio(
      () => new Promise((resolve) => (finish = () => resolve({ ok: true, value: 'done' }))),
    );
    const server = await testServer(studio);
    const first = await openClient(server);
    await first.next();
    const stroke = { id: 1, ack: 0, name: 'documents.commit', params: {} };
    first.send(stroke);
    await expect.poll(() => studio.calls.length).toBe(1);
    first.socket.terminate();
    finish();
    const second = await openClient(server);
    expect(await second.next()).toMatchObject({ welcome: true, resumed: true });
    second.send(stroke);
    expect(await second.next()).toEqual({ id: 1, envelope: { ok: true, value: 'done' } });
    expect(studio.calls).toHaveLength(1);
  });

  test('lets the document of a page that does not come back rest', async () => {
    const studio = fakeStudio(() => ({
      ok: true,
      value: { id: 'fox', path: 'fox.impasto', readOnly: null },
    }));
    const server = await testServer(studio, { restAfterMs: 150 });
    const page = await openClient(server);
    await page.next();
    page.send({ id: 1, ack: 0, name: 'documents.open', params: { path: 'fox.impasto' } });
    await page.next();
    page.socket.terminate();
    const again = await openClient(server);
    await again.next();
    await sleep(400);
    expect(studio.rested).toEqual([]);
    again.socket.terminate();
    await expect.poll(() => studio.rested).toEqual(['fox']);
  });

  test('answers that a ping has overtaken are kept no longer', async () => {
    const studio = fakeStudio();
    const server = await testServer(studio, { beatMs: 40 });
    const first = await openClient(server);
    await first.next();
    const request = { id: 1, ack: 0, name: 'a', params: 1 };
    // Not run again, and in the end its answer is gone: the page had it.
    await expect
      .poll(async () => {
        first.send(request);
        return first.next();
      })
      .toMatchObject({ id: 1, envelope: { error: { code: 'link/answer-gone' } } });
    expect(studio.calls).toHaveLength(1);
  });

  test('an answer that no socket carried is kept however long it takes', async () => {
    let finish = (): void => {};
    const studio = fakeStudio(
      () => new Promise((resolve) => (finish = () => resolve({ ok: true, value: 'done' }))),
    );
    const server = await testServer(studio, { beatMs: 30 });
    const first = await openClient(server);
    await first.next();
    const request = { id: 1, ack: 0, name: 'a', params: 1 };
    first.send(request);
    await expect.poll(() => studio.calls.length).toBe(1);
    first.socket.terminate();
    await sleep(50);
    finish();
    const second = await openClient(server);
    await second.next();
    await sleep(150);
    second.send(request);
    expect(await second.next()).toMatchObject({ id: 1, envelope: { value: 'done' } });
  });

  test('keeps how jobs ended, not how they went', async () => {
    const studio = fakeStudio();
    const server = await testServer(studio);
    const first = await openClient(server);
    await first.next();
    first.socket.terminate();
    await sleep(50);
    const jobId = 'job';
    studio.emit({
      name: 'generation.progress',
      payload: { jobId, stage: 'denoise', step: 1, steps: 2, secondsLeft: 1, cause: null },
    });
    studio.emit({ name: 'generation.recovered', payload: { jobId, message: 'It goes on.' } });
    const second = await openClient(server);
    await second.next();
    expect(await second.next()).toEqual({
      event: 'generation.recovered',
      payload: { jobId, message: 'It goes on.' },
    });
  });

  test('is forgotten after a while', async () => {
    const server = await testServer(fakeStudio(), { keepUnlinkedMs: 20 });
    const first = await openClient(server);
    await first.next();
    first.socket.terminate();
    await expect
      .poll(
        async () => {
          const again = await openClient(server);
          const welcome = await again.next();
          again.socket.terminate();
          return welcome;
        },
        { interval: 150 },
      )
      .toMatchObject({ resumed: false });
  });

  test('a page that links anew replaces its older socket', async () => {
    const server = await testServer();
    const first = await openClient(server);
    const second = await openClient(server);
    expect(await first.closed).toBe(4409);
    await second.next();
    second.send({ id: 1, ack: 0, name: 'a', params: 1 });
    expect(await second.next()).toMatchObject({ id: 1 });
  });

  test('a socket that answers no ping is dropped', async () => {
    const server = await testServer(fakeStudio(), { beatMs: 40 });
    const client = await openClient(server);
    let code: number | null = null;
    void client.closed.then((given) => (code = given));
    await expect
      .poll(async () => {
        client.socket.pause();
        await sleep(400);
        client.socket.resume();
        await sleep(50);
        return code;
      })
      .toBe(1006);
  });
});

describe('a slow page', () => {
  test('gets the latest preview only, and every event that must arrive', async () => {
    const studio = fakeStudio();
    const client = await openClient(await testServer(studio));
    await client.next();
    client.socket.pause();
    const preview = (step: number): Raster => ({
      width: 1024,
      height: 1024,
      rgba: new Uint8Array(4 * 2 ** 20).fill(step),
    });
    const sent = 60;
    for (let step = 1; step <= sent; step += 1) {
      studio.emit({ name: 'generation.preview', payload: { jobId: 'job', step, raster: preview(step) } });
      await sleep(1);
    }
    studio.emit({ name: 'generation.recovered', payload: { jobId: 'job', message: 'last' } });
    client.socket.resume();
    const seen: number[] = [];
    let recovered = false;
    while (!recovered || seen.at(-1) !== sent) {
      const frame = await client.next();
      if (frame['event'] === 'generation.recovered') recovered = true;
      else seen.push((frame['payload'] as { step: number }).step);
    }
    expect(seen.length).toBeLessThan(sent / 2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
