import { expect, test } from './support/test.ts';

test('a model is computed in 8 bits on request, checked first, and the choice says what it means', async ({
  studio,
}) => {
  test.setTimeout(240_000);
  const { page, price, prompt, strip } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(price).toBeEnabled();
  await page.getByRole('button', { name: /Precision/ }).click();
  await page.getByRole('option', { name: 'int8, linear layers' }).click();
  await expect(page.getByText(/The first time, it is checked against fp32/)).toBeVisible();
  await page.getByLabel('Steps, exact').fill('4');
  await page.getByLabel('Steps, exact').press('Enter');
  await prompt.fill('a red house by the sea');
  if (process.env['IMPASTO_LOOK']) await page.screenshot({ path: process.env['IMPASTO_LOOK'] });
  await price.click();
  await expect(strip.getByRole('option')).toHaveCount(1, { timeout: 200_000 });
  const bridge = await studio.process.connect();
  const [result] = await bridge.request('generation.results', { limit: 1 });
  expect(result).toMatchObject({ recipe: { linear: 'int8', steps: 4 } });
});
