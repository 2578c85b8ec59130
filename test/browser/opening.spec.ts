import AxeBuilder from '@axe-core/playwright';
import type { Page, WebSocketRoute } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** The page's link with a valve in it: what the studio says is kept while it is shut. */
class Valve {
  shut = true;
  readonly #kept: (() => void)[] = [];

  take(page: WebSocketRoute): void {
    const studio = page.connectToServer();
    studio.onMessage((message) => {
      if (this.shut) this.#kept.push(() => page.send(message));
      else page.send(message);
    });
  }

  open(): void {
    this.shut = false;
    for (const send of this.#kept.splice(0)) send();
  }
}

test('a studio that takes its time: the window stands at once, says what it waits for, and goes on by itself', async ({
  page,
  process,
}) => {
  const valve = new Valve();
  await page.clock.install();
  await page.routeWebSocket(/\/studio/, (socket) => valve.take(socket));
  await page.goto(process.url);
  const area = page.locator('.canvas-area');
  await expect(area).toBeVisible();
  // Where the canvas will be, as wide and as high.
  expect(await area.boundingBox()).toMatchObject({ width: 972, height: 640 });
  const words = page.getByTestId('opening');
  await page.clock.runFor(400);
  await expect(words).toHaveText('Opening the studio…');
  await expect(page.getByRole('button')).toHaveCount(0);
  await page.clock.runFor(9000);
  await expect(words).toContainText(/The studio has not answered for \d+ s\./);
  await expect(words).toContainText('Everything up to your last stroke is on disk.');
  await expect(page.getByRole('button', { name: 'Load the page again' })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  valve.open();
  await expect(page.getByTestId('canvas')).toHaveAccessibleName(/layer (?!none)/);
});

/** Stops the page's clock, so that its link tries nothing by itself until it goes on; what was due by then has failed. */
async function holdRetries(page: Page): Promise<void> {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
  await expect(page.getByRole('button', { name: 'Try now' })).toBeEnabled();
}

test('a studio that is away is said to be, and "Try now" opens the window once it is back', async ({
  page,
  process,
}) => {
  let up = false;
  await page.clock.install();
  await page.routeWebSocket(/\/studio/, (socket) => {
    if (up) socket.connectToServer();
    else void socket.close({ code: 4000 });
  });
  await page.goto(process.url);
  await expect(page.getByTestId('opening')).toContainText('The studio does not answer.');
  await expect(page.getByText(/^Trying again in \d+ s$/)).toBeVisible();
  await holdRetries(page);
  up = true;
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.clock.resume();
  await expect(page.getByTestId('canvas')).toHaveAccessibleName(/layer (?!none)/);
});

test('between a press of the button and the answer the button says so', async ({ studio }) => {
  const { page, process } = studio;
  let hold = false;
  const held: (() => void)[] = [];
  await page.routeWebSocket(/\/studio/, (socket) => {
    const host = socket.connectToServer();
    socket.onMessage((message) => {
      if (hold) held.push(() => host.send(message));
      else host.send(message);
    });
  });
  await page.goto(process.url);
  await page.reload();
  await studio.ready();
  await expect(studio.price).toBeEnabled();
  await studio.prompt.fill('a red house by the sea');
  await expect(studio.price).toContainText(/\d s/);
  hold = true;
  await studio.prompt.press('Enter');
  await expect(studio.price).toContainText('starting…');
  hold = false;
  for (const send of held) send();
  await expect(studio.price).not.toContainText('starting…');
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 45_000 });
});

test('a page too many is told so, and comes in when another goes', async ({ page, process }) => {
  await page.clock.install();
  const links = await Promise.all(Array.from({ length: 64 }, () => process.connect()));
  await Promise.all(links.map((link) => link.request('settings.read', {})));
  await page.goto(process.url);
  await expect(page.getByTestId('opening')).toContainText(
    /^64 pages are open already\.\s*Close one of them\.$/,
  );
  await holdRetries(page);
  process.closeLinks();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.clock.resume();
  await expect(page.getByTestId('canvas')).toHaveAccessibleName(/layer (?!none)/);
});
