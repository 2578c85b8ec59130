import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFittingLora, writeSdxlLora } from '../fixtures/made-up-lora.ts';
import type { StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

const EMBEDDED = resolve(import.meta.dirname, '../../native-models/embedded/model');

/** Two small adapters, one that fits the embedded model and one with SDXL's names, and a pickled checkpoint. */
async function writeModels(root: string): Promise<string> {
  const folder = join(root, 'models');
  await mkdir(folder, { recursive: true });
  await writeFittingLora(join(folder, 'zebra.safetensors'), EMBEDDED, {
    'modelspec.title': 'Zebra stripes',
    'modelspec.trigger_phrase': 'zebra',
  });
  writeSdxlLora(join(folder, 'inkwash_v3.safetensors'));
  await writeFile(join(folder, 'old.ckpt'), 'PK');
  return folder;
}

async function addFolder({ page, canvas }: StudioPage, folder: string): Promise<void> {
  await canvas.focus();
  await page.keyboard.press('Alt+5');
  const library = page.getByTestId('library');
  await library.getByLabel('Folder on the workstation').fill(folder);
  await library.getByRole('button', { name: 'Add folder' }).click();
  await expect(library.getByText('Up to date')).toBeVisible();
}

/** Four steps, and the same seed each time. */
async function prepare({ page, price, prompt }: StudioPage): Promise<void> {
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(price).toBeEnabled();
  await page.getByLabel('Steps, exact').fill('4');
  await page.getByLabel('Steps, exact').press('Enter');
  await page.getByRole('button', { name: /press to keep this one/ }).click();
  await prompt.fill('a red house by the sea');
}

/** Makes one more picture and reads its pixels from the studio. */
async function picture({ prompt, strip, process }: StudioPage): Promise<Buffer> {
  const results = strip.getByRole('option', { name: /^Result/ });
  const before = await results.count();
  await prompt.press('Enter');
  await expect(results).toHaveCount(before + 1, { timeout: 60_000 });
  const bridge = await process.connect();
  const [latest] = await bridge.request('generation.results', { limit: 1 });
  const { raster } = await bridge.request('generation.result', { resultId: latest!.resultId });
  return Buffer.from(raster.rgba);
}

async function setStrength({ page }: StudioPage, name: string, strength: string): Promise<void> {
  await page.getByLabel(`${name}, exact`).fill(strength);
  await page.getByLabel(`${name}, exact`).press('Enter');
}

test('the library shows what lies in a folder, and why a file cannot be used', async ({
  studio,
  process,
}) => {
  const { page, canvas } = studio;
  const folder = await writeModels(process.folder);
  await prepare(studio);
  await canvas.focus();
  await page.keyboard.press('Alt+5');
  const library = page.getByTestId('library');
  await library.getByLabel('Folder on the workstation').fill(join(folder, 'nowhere'));
  await library.getByRole('button', { name: 'Add folder' }).click();
  await expect(library.getByText(/There is no folder .*nowhere/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(library).toBeHidden();

  await addFolder(studio, folder);
  const card = (name: string) => library.getByRole('listitem', { name, exact: true });
  await expect(card('Zebra stripes')).toContainText('✓ For Embedded painter');
  await expect(card('inkwash_v3')).toContainText('SDXL');
  await expect(card('inkwash_v3')).toContainText('Not for Embedded painter');
  await expect(card('old')).toContainText('old.ckpt');
  await expect(card('old').getByRole('button')).toHaveCount(0);

  await library.getByRole('radio', { name: /^Cannot be used/ }).click();
  await expect(library.getByRole('list', { name: 'Models and adapters' }).getByRole('listitem')).toHaveCount(
    1,
  );
  await library.getByRole('radio', { name: /^All/ }).click();
  await card('Zebra stripes').getByRole('button', { name: 'Add “zebra” to the prompt' }).click();
  await library.getByRole('button', { name: 'Forget the folder models' }).click();
  await expect(card('Zebra stripes')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(studio.prompt).toHaveValue('a red house by the sea, zebra');
});

test('35: an adapter that fits changes the picture, at strength 0 it does not, and an unfit one says why and changes nothing', async ({
  studio,
  process,
}) => {
  const { page } = studio;
  await prepare(studio);
  await addFolder(studio, await writeModels(process.folder));
  await page.keyboard.press('Escape');
  const plain = await picture(studio);

  const shelf = page.getByTestId('adapter-shelf');
  await page.getByRole('button', { name: 'Add an adapter' }).click();
  const offered = page.getByRole('listbox', { name: 'Adapters of the library' }).getByRole('option');
  await expect(offered.first()).toContainText('Zebra stripes');
  await page.keyboard.type('zeb');
  await expect(offered).toHaveCount(1);
  await offered.click();
  const striped = await picture(studio);
  expect(striped.equals(plain)).toBe(false);

  await setStrength(studio, 'Zebra stripes', '0');
  expect((await picture(studio)).equals(plain)).toBe(true);
  await setStrength(studio, 'Zebra stripes', '-7');
  await expect(page.getByLabel('Zebra stripes, exact')).toHaveValue('-1.00');

  await page.getByRole('button', { name: 'Turn Zebra stripes off' }).click();
  await page.getByRole('button', { name: 'Add an adapter' }).click();
  await offered.filter({ hasText: 'inkwash_v3' }).click();
  await expect(shelf.getByRole('listitem', { name: 'inkwash_v3' })).toContainText(
    'inkwash_v3 is for SDXL and this model is SD1.5: 0 of 6 keys fit. The other adapters stay on. Switch model or take it off.',
  );
  await shelf.getByRole('button', { name: 'See keys' }).click();
  await expect(
    shelf.getByText('lora_unet_input_blocks_7_1_transformer_blocks_5_attn2_to_k.alpha'),
  ).toBeVisible();
  expect((await picture(studio)).equals(plain)).toBe(true);
  await shelf.getByRole('button', { name: 'Take off', exact: true }).click();
  await shelf.getByRole('button', { name: 'Take Zebra stripes off' }).click();
  await expect(shelf.getByRole('listitem')).toHaveCount(0);

  await studio.prompt.press('End');
  await page.keyboard.type(' <ze');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('lora:zeb');
  const named = page.getByRole('listbox', { name: 'Adapters', exact: true }).getByRole('option');
  await expect(named).toHaveText(['zebra']);
  await expect(studio.prompt).toHaveAttribute('aria-activedescendant', (await named.getAttribute('id'))!);
  await page.keyboard.press('Enter');
  await expect(studio.prompt).toHaveValue('a red house by the sea <lora:zebra:1>');
  await expect(shelf.getByRole('listitem', { name: 'Zebra stripes' })).toContainText('in the prompt');
  expect((await picture(studio)).equals(striped)).toBe(true);
  await setStrength(studio, 'Zebra stripes', '0.4');
  await expect(studio.prompt).toHaveValue('a red house by the sea <lora:zebra:0.4>');
  await shelf.getByRole('button', { name: 'Take Zebra stripes off' }).click();
  await expect(studio.prompt).toHaveValue(/^a red house by the sea ?$/);
  await studio.prompt.fill('<');
  await named.filter({ hasText: 'zebra' }).click();
  await expect(studio.prompt).toHaveValue('<lora:zebra:1>');
  await expect(studio.prompt).toBeFocused();
});
