import AxeBuilder from '@axe-core/playwright';
import { pngWith } from '../fixtures/foreign/containers.ts';
import { COMFY_PROMPT } from '../fixtures/foreign/texts.ts';
import { dropFile } from './support/drop-file.ts';
import { expect, test } from './support/test.ts';

test('a picture that is dropped says how it was made, and "Use its settings" fills the panel', async ({
  studio,
}) => {
  const { page } = studio;
  await dropFile(studio, 'fox.png', await pngWith([{ name: 'prompt', text: JSON.stringify(COMFY_PROMPT) }]));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'fox.png: made by ComfyUI' })).toBeVisible();
  await expect(dialog.getByText('dreamshaperXL', { exact: true })).toBeVisible();
  await expect(dialog.getByText(/△ The model "dreamshaperXL" is not in the library/)).toBeVisible();
  await dialog.getByRole('button', { name: /2 parts that Impasto has no use for/ }).click();
  await expect(dialog.getByText('node 51, FilmGrain')).toBeVisible();
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual([]);
  await dialog.getByRole('button', { name: 'Use its settings' }).click();
  await expect(studio.prompt).toHaveText(/a fox in the snow <lora:ink_wash:te=0.5:unet=0.8> <lora:grain:1>/);
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('987654321');
  await expect(page.getByLabel('Steps, exact', { exact: true })).toHaveValue('25');
  await expect(page.getByLabel('Guidance, exact')).toHaveValue('7.5');
  await expect(page.getByRole('button', { name: /As on a processor/ })).toBeVisible();

  await dropFile(studio, 'plain.png', await pngWith([]));
  await page.waitForTimeout(1000);
  await expect(dialog).toHaveCount(0);
});
