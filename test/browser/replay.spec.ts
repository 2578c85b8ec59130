import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecipes } from '../../main/documents/png-recipe.ts';
import { decodePicture, encodePng } from '../../main/documents/png.ts';
import { dropFile } from './support/drop-file.ts';
import { expect, test } from './support/test.ts';

test('a result is made again to the bit; a file that was changed and one whose model is gone are told apart', async ({
  studio,
}) => {
  const { page, process } = studio;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await page.getByLabel('Steps, exact', { exact: true }).fill('4');
  await page.getByLabel('Steps, exact', { exact: true }).press('Enter');
  await studio.generate('a red house by the sea');
  const card = page.getByRole('region', { name: 'Recipe' });
  await card.getByRole('button', { name: 'Replay' }).click();
  const told = page.getByTestId('replay');
  await expect(told).toHaveAttribute('data-how', 'same', { timeout: 45_000 });
  await expect(told).toContainText('the same, bit for bit');
  await page.screenshot({ path: test.info().outputPath('replay.png') });

  const folder = join(process.folder, 'data', 'results');
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.png'))
    .toSorted()
    .at(-1);
  const png = readFileSync(join(folder, newest ?? ''));
  const [note] = readRecipes(png);
  if (note === undefined) throw new Error('a result has a recipe');
  const raster = await decodePicture(png);
  raster.rgba[40] = (raster.rgba[40] ?? 0) ^ 8;
  const dialog = page.getByRole('dialog');
  await dropFile(studio, 'changed.png', await encodePng(raster, [note]));
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await expect(told).toHaveAttribute('data-how', 'differs', { timeout: 45_000 });
  await expect(told).toContainText('1 of 65536 pixels differ, by 8 of 255 at most');

  const model = { ...note.recipe.model, sha256: 'ab'.repeat(32), name: 'gone' };
  await dropFile(
    studio,
    'gone.png',
    await encodePng(raster, [{ ...note, recipe: { ...note.recipe, model } }]),
  );
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await expect(told).toHaveAttribute('data-how', 'lacks', { timeout: 45_000 });
  await expect(told).toContainText('Missing: model "gone", sha256 abababababab…');
});

test('what is approximate is compared with its exact picture, in decibels, on the card', async ({
  studio,
}) => {
  const { page } = studio;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await page.getByText('Forecast steps while little changes').click();
  await studio.generate('a red house by the sea');
  const card = page.locator('.result-card');
  await expect(card).toContainText('steps forecast while little changes');
  await card.getByRole('button', { name: 'Compare with exact' }).click();
  await expect(page.getByTestId('replay')).toContainText(
    /The exact picture took [\d.]+ s and is in the gallery\. This one is off by \d+\.\d dB \(PSNR\), \d+% of pixels differ/,
    { timeout: 45_000 },
  );
  await page.screenshot({ path: test.info().outputPath('exact.png') });
});
