import { expect, test } from './support/test.ts';
import type { Reading } from './support/studio-page.ts';

const SIZE = 512;

/** A wave across the middle whose pressure swells and fades. */
function wave({ x, y }: Reading): Reading[] {
  return Array.from({ length: 60 }, (_, i) => ({
    x: x - 180 + i * 6,
    y: y + Math.round(Math.sin(i / 6) * 80),
    force: 0.1 + 0.9 * Math.abs(Math.sin(i / 19)),
  }));
}

test('a prompt becomes a picture on a layer, is painted over, undone, saved, and is the same after a reload', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.newDocument('Spine', SIZE, SIZE);
  studio.watch('Spine');
  const blank = await studio.shownHash(SIZE, SIZE);

  await studio.prompt.fill('a lighthouse by the sea at sunset, watercolor');
  await expect(studio.price).toHaveText(/^Generate · /);
  await studio.prompt.press('Enter');
  await expect(page.getByRole('button', { name: 'Cancel this job' })).toBeVisible();
  await expect(page.getByText('Preview: not in the picture yet')).toBeVisible({ timeout: 45_000 });
  await expect(studio.strip.getByRole('option', { name: /^Result 1/ })).toBeVisible({ timeout: 45_000 });

  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(studio.layers).toHaveCount(3);
  await expect(studio.layers.first()).toHaveAccessibleName(/lighthouse.*generated/);
  const accepted = await studio.shownHash(SIZE, SIZE);
  expect(accepted).not.toBe(blank);
  expect(await studio.storedHash()).toBe(accepted);

  await studio.pen(wave(await studio.middle()));
  const painted = await studio.shownHash(SIZE, SIZE);
  expect(painted).not.toBe(accepted);
  expect(await studio.storedHash()).toBe(painted);

  await page.keyboard.press('Control+z');
  expect(await studio.shownHash(SIZE, SIZE)).toBe(accepted);
  await page.keyboard.press('Control+Shift+z');
  expect(await studio.shownHash(SIZE, SIZE)).toBe(painted);
  expect(await studio.storedHash()).toBe(painted);

  await page.reload();
  await studio.ready();
  await expect(studio.status).toContainText('Restored 2 steps');
  expect(await studio.shownHash(SIZE, SIZE)).toBe(painted);
  await page.keyboard.press('Control+z');
  await expect.poll(() => studio.shownHash(SIZE, SIZE)).toBe(accepted);
  expect(await studio.storedHash()).toBe(accepted);
});

test('a job is cancelled in mid-run within one step, says where, and disables nothing', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Alt+2');
  await page.getByLabel('Steps, exact').fill('150');
  await page.getByLabel('Steps, exact').blur();
  await studio.prompt.fill('a forest in snow');
  await studio.prompt.press('Enter');
  await expect(page.getByRole('button', { name: 'Cancel this job' })).toBeVisible();
  await expect(page.getByText('Preview: not in the picture yet')).toBeVisible({ timeout: 45_000 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+X');
  const thumb = studio.strip.getByRole('option', { name: /^cancelled at step \d+/ });
  await expect(thumb).toBeVisible();
  const step = Number(
    /step (\d+)/.exec((await thumb.getAttribute('aria-label')) ?? (await thumb.innerText()))?.[1],
  );
  expect(step).toBeGreaterThan(0);
  expect(step).toBeLessThan(150);
  await expect(studio.price).toBeEnabled();
  await expect(studio.price).toHaveText(/^Generate/);
});
