import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test, type WebSocketRoute } from '@playwright/test';

const REPOSITORY = resolve(import.meta.dirname, '../..');

interface Host {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

let scratch: string;
test.beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'impasto-bridge-'));
});
test.afterAll(() => rm(scratch, { recursive: true, force: true }));

async function startHost(args: string[] = []): Promise<Host> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(REPOSITORY, 'out/main/server.js'), '--json', ...args],
    {
      env: {
        ...process.env,
        IMPASTO_DATA: join(scratch, 'data'),
        IMPASTO_DOCUMENTS: join(scratch, 'documents'),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const line = await new Promise<string>((done) =>
    child.stdout!.once('data', (data: Buffer) => done(data.toString())),
  );
  const { url, port } = JSON.parse(line) as { url: string; port: number };
  return {
    url,
    port,
    async stop() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** Opens the studio and waits until it can be used; collects what went wrong in the page. */
async function open(page: Page, url: string): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(url);
  await expect(page.getByTestId('canvas')).toBeVisible();
  return faults;
}

test('the secret leaves the address bar, survives a reload, and is not shared with other tabs', async ({
  page,
  context,
}) => {
  const host = await startHost();
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url()));
  const faults = await open(page, host.url);
  const token = new URL(host.url).hash.replace('#token=', '');
  expect(page.url()).toBe(`http://127.0.0.1:${host.port}/`);
  await page.reload();
  await expect(page.getByTestId('canvas')).toBeVisible();
  expect(await context.cookies()).toEqual([]);
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${host.port}/`);
  await expect(other.getByText('does not know the secret')).toBeVisible();
  expect(addresses.filter((address) => new URL(address).host !== `127.0.0.1:${host.port}`)).toEqual([]);
  expect(addresses.filter((address) => address.includes(token) && !address.includes('#'))).toEqual([]);
  expect(faults).toEqual([]);
  await host.stop();
});

test('a dropped link is said in words, tried again, and what was written meanwhile arrives', async ({
  page,
}) => {
  const host = await startHost();
  let current: WebSocketRoute | undefined;
  let up = true;
  await page.routeWebSocket(/\/studio/, (socket) => {
    if (!up) {
      void socket.close({ code: 4000 });
      return;
    }
    current = socket;
    socket.connectToServer();
  });
  await open(page, host.url);
  await expect(page.getByTestId('canvas')).toHaveAccessibleName(/layer (?!none)/);
  const prompt = page.getByTestId('prompt');
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  up = false;
  await current!.close({ code: 4000 });
  const status = page.getByTestId('status');
  await expect(status).toContainText('The link to the workstation dropped');
  await expect(status).toContainText('Keep the tab open');
  await prompt.fill('a red circle, asked while the link was down');
  await expect(status).toContainText('dropped');
  // A press has to come before the link's own next try.
  await expect(status).toContainText(/trying in ([4-9]|1\d) s/);
  up = true;
  await status.getByRole('button', { name: 'Try now' }).click();
  await expect(status).not.toContainText('dropped');
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
  // A change is written 300 ms after the last key; a page that goes before that takes it along.
  await page.waitForTimeout(800);
  // What the page wrote meanwhile has arrived: another tab's worth of page finds it.
  await expect(async () => {
    await page.reload();
    await expect(prompt).toHaveValue('a red circle, asked while the link was down', { timeout: 10_000 });
  }).toPass({ timeout: 45_000 });
  await host.stop();
});
