import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { EventPayload } from '../../preload/contract/index.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

function line({ x, y }: Reading, length: number): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force: 1 }));
}

/** Turns Live on over a sheet with a stroke on it; resolves when the first picture is shown. */
async function goLive(studio: StudioPage): Promise<void> {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await studio.prompt.fill('a red house by the sea');
  const middle = await studio.middle();
  await studio.pen(line({ x: middle.x - 100, y: middle.y }, 60));
  await page.keyboard.press('Shift+l');
  await expect(state(page)).toHaveText(/● Live \d+ ms/, { timeout: 45_000 });
}

const state = (page: Page) => page.getByTestId('live-state');

test('a stroke is answered by a picture, and "Keep this" makes it a layer that undo takes away', async ({
  studio,
}) => {
  const { page } = studio;
  await goLive(studio);
  await expect(page.getByTestId('live-measured')).toHaveText(/pictures\/s · \d+ ms · \d+ dropped/);
  const middle = await studio.middle();
  const before = await studio.pixels(20, 20, 40, 40);
  await studio.pen(line({ x: middle.x - 100, y: middle.y + 60 }, 120));
  await expect(state(page)).toHaveText(/● Live \d+ ms/, { timeout: 45_000 });
  expect(before.equals(await studio.pixels(20, 20, 40, 40))).toBe(true);

  const layers = await studio.layers.count();
  await page.getByRole('button', { name: 'Keep this', exact: true }).click();
  await expect(studio.layers).toHaveCount(layers + 1);
  await page.keyboard.press('Control+z');
  await expect(studio.layers).toHaveCount(layers);
  const found = await new AxeBuilder({ page }).include('[data-testid="live"]').analyze();
  expect(found.violations).toEqual([]);
});

test('33: with Live on, pixels within 64 px of a pressed nib do not change', async ({ studio }) => {
  const { page } = studio;
  await goLive(studio);
  const box = (await studio.canvas.boundingBox())!;
  const middle = await studio.middle();
  const nib = { x: middle.x - 40, y: middle.y + 40 };
  // The stroke itself is drawn first; from then on the pen rests on it.
  await studio.pen(line({ x: nib.x - 40, y: nib.y }, 40), false);
  await studio.settleFrames();
  const around = (): Promise<Buffer> =>
    studio.pixels(Math.round(nib.x - box.x) - 44, Math.round(nib.y - box.y) - 44, 88, 88);
  const before = await around();
  await expect(state(page)).toHaveText('◌ Live, waiting for the pen', { timeout: 45_000 });
  await page.waitForTimeout(500);
  expect(before.equals(await around())).toBe(true);
  await studio.penUp(nib);
  await expect(state(page)).toHaveText(/● Live \d+ ms/, { timeout: 45_000 });
  expect(before.equals(await around())).toBe(false);
});

test('32: off means off, and Live waits for what was asked for', async ({ studio, process }) => {
  const { page } = studio;
  const bridge = await process.connect();
  const pictures: EventPayload<'live.picture'>[] = [];
  bridge.on('live.picture', (picture) => pictures.push(picture));
  await goLive(studio);
  // Long enough for the pause to be seen.
  await page.getByLabel('Steps, exact', { exact: true }).fill('150');
  await page.getByLabel('Steps, exact', { exact: true }).press('Enter');
  // Looked for in each frame: expectations look again after up to a second.
  const paused = page.waitForFunction(() =>
    /‖ Live, paused for/.test(document.querySelector('[data-testid=live-state]')?.textContent ?? ''),
  );
  await studio.price.click();
  await paused;
  await expect(state(page)).toHaveText(/● Live/, { timeout: 60_000 });

  await page.keyboard.press('Escape');
  await studio.pen(line(await studio.middle(), 40));
  await studio.canvas.press('Shift+l');
  await expect(page.getByTestId('live')).toHaveCount(0);
  await page.waitForTimeout(1500);
  const made = pictures.length;
  await studio.pen(line({ ...(await studio.middle()), y: 300 }, 80));
  await page.waitForTimeout(1500);
  expect(pictures.length).toBe(made);
});
