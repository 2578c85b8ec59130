import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import type { StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

async function openGrid({ page, price, prompt }: StudioPage, steps: number): Promise<Locator> {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(price).toBeEnabled();
  await page.getByLabel('Steps, exact', { exact: true }).fill(String(steps));
  await page.getByLabel('Steps, exact', { exact: true }).press('Enter');
  await prompt.fill('a red house by the sea');
  await page.getByRole('button', { name: 'Grid of settings…' }).click();
  return page.getByRole('dialog', { name: 'Grid of settings' });
}

async function choose({ page }: StudioPage, dialog: Locator, axis: string, setting: string): Promise<void> {
  await dialog.getByRole('button', { name: axis }).click();
  await page.getByRole('option', { name: setting, exact: true }).click();
}

test('a grid says its price before it is made, and becomes a labelled sheet and pictures in the strip', async ({
  studio,
}) => {
  const { page } = studio;
  const dialog = await openGrid(studio, 4);
  await choose(studio, dialog, 'Columns', 'Fresh noise');
  await dialog.getByLabel('Columns: values').fill('1, 2');
  await choose(studio, dialog, 'Rows', 'Words of the prompt');
  await dialog.getByLabel('Rows: values').fill('green, blue');
  await expect(dialog.getByTestId('grid-price')).toContainText('"green" is not in the prompt');
  await expect(dialog.getByRole('button', { name: /^Make/ })).toBeDisabled();
  await dialog.getByLabel('Rows: values').fill('red, blue');
  // Three of four steps are shared by the two pictures of a row.
  await expect(dialog.getByTestId('grid-price')).toHaveText(/^4 pictures · .*s, .*s shared/);
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('grid-asked.png') });
  await dialog.getByRole('button', { name: /^Make 4/ }).click();
  await expect(dialog.getByTestId('grid-progress')).toHaveText('4 of 4 pictures', { timeout: 55_000 });
  const sheet = dialog.getByTestId('grid-sheet');
  await expect(sheet).toBeVisible();
  const width = (): Promise<number> =>
    sheet.evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.width : 0));
  await expect.poll(width).toBeGreaterThan(2 * 256);
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('grid-made.png') });
  const before = await studio.layers.count();
  await dialog.getByRole('button', { name: 'Add sheet as layer' }).click();
  await expect(studio.layers).toHaveCount(before + 1);
  await expect(studio.layers.filter({ hasText: 'Grid' })).toHaveCount(1);
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(4);
});

test('a grid is cancelled as a whole', async ({ studio }) => {
  const dialog = await openGrid(studio, 60);
  await dialog.getByLabel('Columns: values').fill('1, 2, 3, 4, 5');
  await dialog.getByRole('button', { name: /^Make 5/ }).click();
  await dialog.getByRole('button', { name: 'Cancel the grid' }).click();
  await expect(dialog.getByTestId('grid-progress')).toHaveText(/^5 of 5 pictures, \d without a picture/, {
    timeout: 30_000,
  });
  await dialog.getByRole('button', { name: 'Another grid' }).click();
  await expect(dialog.getByLabel('Columns: values')).toBeVisible();
});
