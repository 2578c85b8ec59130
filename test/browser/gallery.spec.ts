import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';

test('the gallery has what was made; Enter takes its settings, S shows what looks like it', async ({
  studio,
}) => {
  const { page } = studio;
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await page.getByLabel('Steps, exact', { exact: true }).fill('3');
  await page.getByLabel('Steps, exact', { exact: true }).press('Enter');
  await studio.generate('a blue boat');
  const gallery = page.getByRole('listbox', { name: 'Gallery' });
  const item = gallery.getByRole('option', { name: /^a blue boat, seed \d+/ });
  await expect(item).toBeVisible();
  await studio.prompt.fill('something else');
  await item.focus();
  await page.keyboard.press('Enter');
  await expect(studio.prompt).toHaveText('a blue boat');
  await item.focus();
  await studio.tap('s');
  await expect(page.getByText('Like “a blue boat”')).toBeVisible();
  await expect(gallery.getByRole('option')).toHaveCount(1);
  expect((await new AxeBuilder({ page }).include('.gallery-room').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('gallery.png') });
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByText('Like “a blue boat”')).toHaveCount(0);
});

test('Alt+4 and Alt+6 show gallery and queue wherever the window has them', async ({ studio }) => {
  const { page } = studio;
  const gallery = page.getByText('Pictures appear here as they are made');
  const queue = page.getByText('Nothing waits');
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [960, 540],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('Alt+4');
    await expect(gallery.or(page.getByRole('listbox', { name: 'Gallery' })).first()).toBeVisible();
    await page.keyboard.press('Alt+6');
    await expect(queue).toBeVisible();
  }
  // In the smallest window they fly out of their icons, and Esc puts them back.
  await expect(page.getByRole('dialog', { name: 'Queue' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
