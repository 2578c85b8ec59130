import AxeBuilder from '@axe-core/playwright';
import type { StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

async function quick({ page, price }: StudioPage, steps: number, pictures = 1): Promise<void> {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(price).toBeEnabled();
  for (const [label, value] of [
    ['Steps, exact', steps],
    ['Pictures, exact', pictures],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(String(value));
    await page.getByLabel(label, { exact: true }).press('Enter');
  }
}

test('34: the scrubber says which steps are kept and what others cost; a kept one forks at once, and the tree shows it', async ({
  studio,
}) => {
  const { page } = studio;
  await quick(studio, 8);
  await studio.generate('a red house by the sea');
  const slider = page.getByRole('slider', { name: 'Step to fork at' });
  await expect(slider).toHaveAttribute(
    'aria-valuetext',
    /^Step \d+ of 8, (kept|must be made), fork \d+\.\d seconds$/,
  );
  const kept = page.locator('.tick[data-kept="true"]');
  await expect(kept.first()).toBeVisible();
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveValue('0');
  await page.keyboard.press('End');
  await expect(slider).toHaveValue('7');

  const results = studio.strip.getByRole('option', { name: /^Result/ });
  await kept.last().click({ force: true });
  await expect(results).toHaveCount(2, { timeout: 45_000 });
  await results.last().click();
  await page.keyboard.press('Alt+Shift+v');
  await expect(results).toHaveCount(3, { timeout: 45_000 });
  await results.first().click();
  await expect(page.getByTestId('tree').getByRole('button')).toHaveCount(3, { timeout: 20_000 });
  await expect(page.getByTestId('tree')).toContainText(/shares \d of 8, \d/);
  expect((await new AxeBuilder({ page }).include('.variations').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('variations.png') });
});

test('31: the queue outlives the page; jobs move by keys, are taken out and had back', async ({ studio }) => {
  const { page } = studio;
  await quick(studio, 150, 4);
  await studio.prompt.fill('a slow picture');
  await studio.prompt.press('Enter');
  const rows = page.locator('[data-lane="interactive"]').getByRole('row');
  await expect(rows).toHaveCount(4, { timeout: 20_000 });
  // Paused, so that nothing of it depends on how fast this machine is.
  await page.getByRole('button', { name: 'Pause the queue after this step' }).click();
  await expect(page.getByText('‖ Paused')).toBeVisible();
  await expect(rows.filter({ hasText: /step \d+ of 150/ })).toHaveCount(0, { timeout: 20_000 });
  const order = (): Promise<(string | null)[]> =>
    rows.evaluateAll((each) => each.map((row) => row.getAttribute('data-key')));
  const before = await order();
  await rows.nth(3).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(order).toEqual([before[0], before[1], before[3], before[2]]);
  await page.reload();
  await studio.ready();
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect.poll(order).toEqual([before[0], before[1], before[3], before[2]]);
  expect((await new AxeBuilder({ page }).include('.queue').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('queue.png') });

  await page.getByRole('button', { name: 'Clear waiting' }).click();
  await expect(page.getByTestId('queue-undo')).toContainText('4 jobs taken out');
  await expect(rows).toHaveCount(0);
  await page.getByTestId('queue-undo').getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(4);
  await rows.last().getByRole('button', { name: 'Cancel this' }).click();
  await expect(page.getByTestId('queue-undo')).toContainText('One job taken out');
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Clear waiting' }).click();
  await page.getByRole('button', { name: 'Go on with the queue' }).click();
  await expect(page.getByText('Nothing waits')).toBeVisible();
});
