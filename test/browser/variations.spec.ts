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

test('a picture in two passes shows the steps of both, and forks on either', async ({ studio }) => {
  const { page } = studio;
  await quick(studio, 4);
  await page.getByRole('button', { name: /Enlarge/ }).click();
  await page.getByRole('option', { name: /^1\.5/ }).click();
  await page.getByLabel('Second pass, exact').fill('50');
  await page.getByLabel('Second pass, exact').press('Enter');
  await studio.generate('a red house by the sea');
  const slider = page.getByRole('slider', { name: 'Step to fork at' });
  await expect(slider).toHaveAttribute('aria-valuetext', /^Step \d+ of 6, /);
  const results = studio.strip.getByRole('option', { name: /^Result/ });
  const bridge = await studio.process.connect();
  for (const [count, step] of [
    [2, 1],
    [3, 5],
  ] as const) {
    await results.first().click();
    await slider.focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < step; i += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(results).toHaveCount(count, { timeout: 60_000 });
    // Earlier tests' pictures are on disk, too.
    const [latest, ...others] = await bridge.request('generation.results', { limit: count });
    expect(latest?.recipe).toMatchObject({ hires: expect.anything(), lineage: [{ how: 'fork', step }] });
    expect([latest?.width, latest?.height]).toEqual([others.at(-1)?.width, others.at(-1)?.height]);
  }
});

test('31: the queue outlives the page; jobs move by keys, are taken out and had back', async ({ studio }) => {
  const { page } = studio;
  await quick(studio, 150, 4);
  // Paused, so that nothing of it depends on how fast this machine is.
  await page.getByRole('button', { name: 'Pause the queue after this step' }).click();
  await expect(page.getByText('‖ Paused')).toBeVisible();
  await studio.prompt.fill('a slow picture');
  await studio.prompt.press('Enter');
  const rows = page.locator('[data-lane="interactive"]').getByRole('row');
  await expect(rows).toHaveCount(4, { timeout: 20_000 });
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

test('the plan of the next press is drawn, and says what is kept, what it costs and what it shares; time that is short makes it give way', async ({
  studio,
}) => {
  const { page } = studio;
  await quick(studio, 8);
  await studio.generate('a red house by the sea');
  await page.getByRole('button', { name: /^New seed each time/ }).click();
  await studio.prompt.focus();
  await page.keyboard.press('Alt+Enter');
  const why = page.getByRole('dialog', { name: 'Why this price' });
  const drawing = why.getByTestId('plan-drawing');
  // The same seed again: all of it is there.
  await expect(drawing).toHaveAttribute('aria-label', /^\d+ stages: [1-9]\d* are there, 0 will be made$/);
  await expect(why).toContainText(/Shares (\d+) of \1 stages with the chosen picture, 8 of 8 steps/);
  await expect(why.getByRole('row', { name: /^Painting none – [\d.]+ s$/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('.plan-popover').analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('plan-kept.png') });
  await page.keyboard.press('Escape');
  await expect(why).toBeHidden();

  await page.getByLabel('Guidance, exact', { exact: true }).fill('9');
  await page.getByLabel('Guidance, exact', { exact: true }).press('Enter');
  await page.getByTestId('why').click();
  await expect(why.getByRole('row', { name: /^Painting 8 of 8/ })).toBeVisible();
  await expect(why).toContainText(/0 of 8 steps among them/);
  await page.screenshot({ path: test.info().outputPath('plan-to-do.png') });
  await page.keyboard.press('Escape');

  // Two passes of 150 steps take longer than a second on any processor.
  await page.getByLabel('Steps, exact', { exact: true }).fill('150');
  await page.getByLabel('Steps, exact', { exact: true }).press('Enter');
  await page.getByRole('button', { name: /Enlarge$/ }).click();
  await page.getByRole('option', { name: '2 × in two passes' }).click();
  await page.getByRole('button', { name: /Done within$/ }).click();
  await page.getByRole('option', { name: '1 s', exact: true }).click();
  await expect(page.getByTestId('eased')).toContainText('▽ no second pass at 512 × 512');
  await page.getByTestId('why').click();
  await expect(why).toContainText('▽ Gives way to be done in time: no second pass at 512 × 512');
  await page.screenshot({ path: test.info().outputPath('plan-eased.png') });
});

test('a variation of a part keeps every pixel outside the selection', async ({ studio }) => {
  const { page } = studio;
  await quick(studio, 8);
  await studio.generate('a red house by the sea');
  const results = studio.strip.getByRole('option', { name: /^Result/ });
  await expect(page.getByRole('slider', { name: 'Step to fork at' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Only inside the selection' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Select rectangle' }).click();
  const box = (await studio.canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('checkbox', { name: 'Only inside the selection' })).toBeChecked();
  await page.keyboard.press('Alt+Shift+v');
  await expect(results).toHaveCount(2, { timeout: 45_000 });
  await results.first().click();
  await expect(page.locator('.result-card')).toContainText('only within a mask, from step');
  await page.screenshot({ path: test.info().outputPath('varied-part.png') });
});

test('pictures asked for at once run side by side: the queue counts the steps of each, the canvas shows one of them', async ({
  studio,
}) => {
  const { page } = studio;
  await quick(studio, 150, 3);
  await studio.prompt.fill('three lighthouses at once');
  await page.getByTestId('price').click();
  const queue = page.getByRole('region', { name: 'Queue' });
  await expect(queue.getByText(/step [1-9]\d* of 150/)).toHaveCount(3);
  await queue.getByRole('button', { name: 'Cancel this' }).first().click();
  await expect(queue.getByRole('row', { name: /three lighthouses at once, cancelled/ })).toHaveCount(1);
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(2, { timeout: 45_000 });
});
