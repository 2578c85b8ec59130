import type { Reading, StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

/** A document of 256 × 256 at 100% with one picture that waits; returns where its corner is in the window. */
async function onePicture(studio: StudioPage, name: string): Promise<Reading> {
  const { page } = studio;
  await studio.newDocument(name, 256, 256);
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await page.getByLabel('Steps, exact').fill('4');
  await page.getByLabel('Steps, exact').press('Enter');
  await page.keyboard.press('Control+0');
  await page.keyboard.press('Control+1');
  await studio.prompt.fill('a red house by the sea');
  await studio.price.click();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  await studio.strip.getByRole('option', { name: /^Result/ }).click();
  await expect(page.getByText('Preview: not in the picture yet')).toBeVisible();
  const middle = await studio.middle();
  return { x: middle.x - 128, y: middle.y - 128 };
}

async function shown(studio: StudioPage, { x, y }: Reading): Promise<Buffer> {
  await studio.page.mouse.move(4, 4);
  const box = (await studio.canvas.boundingBox())!;
  return studio.pixels(x - box.x, y - box.y, 256, 256);
}

/** Share of white pixels in the left or right half. */
function white(pixels: Buffer, right: boolean): number {
  let count = 0;
  for (let i = 0; i < 256 * 256; i++) {
    const blank = pixels[4 * i] === 255 && pixels[4 * i + 1] === 255 && pixels[4 * i + 2] === 255;
    if (i % 256 >= 128 === right && blank) count++;
  }
  return count / (256 * 128);
}

test('the key left of 1 shows what was before; a wipe shows both', async ({ studio }) => {
  const { page } = studio;
  const corner = await onePicture(studio, 'Compared');
  await studio.canvas.focus();
  const after = await shown(studio, corner);
  expect(white(after, false)).toBeLessThan(0.5);
  await page.keyboard.down('Backquote');
  await expect.poll(async () => white(await shown(studio, corner), false)).toBe(1);
  await page.keyboard.up('Backquote');
  await expect.poll(async () => Buffer.compare(await shown(studio, corner), after)).toBe(0);
  await page.getByRole('button', { name: 'Wipe between before and after' }).click();
  await expect.poll(async () => white(await shown(studio, corner), false)).toBeGreaterThan(0.98);
  expect(white(await shown(studio, corner), true)).toBeLessThan(0.5);
  await page.getByRole('slider', { name: 'Before' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByLabel('Before, exact')).toHaveValue('45%');
  await page.getByRole('button', { name: 'Stop wiping' }).click();
});

test('28: P and a pen over one half: only that half is there after Enter', async ({ studio }) => {
  const { page } = studio;
  const corner = await onePicture(studio, 'Painted in');
  await studio.canvas.focus();
  await studio.tap('p');
  await expect(studio.layers).toHaveCount(3);
  await expect(page.getByText('Painting the mask')).toBeVisible();
  for (let y = 4; y < 256; y += 12) {
    await studio.pen(
      Array.from({ length: 13 }, (_, i) => ({ x: corner.x + 2 + i * 9, y: corner.y + y, force: 1 })),
    );
  }
  await page.keyboard.press('Enter');
  await expect(studio.strip).toBeHidden();
  await expect.poll(async () => white(await shown(studio, corner), true)).toBeGreaterThan(0.95);
  expect(white(await shown(studio, corner), false)).toBeLessThan(0.5);
});

test('30: a job that is cancelled leaves its thumb with the reason and disables nothing', async ({
  studio,
}) => {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await page.getByLabel('Steps, exact').fill('150');
  await page.getByLabel('Steps, exact').press('Enter');
  await studio.prompt.fill('a field');
  await studio.price.click();
  // At once: on a fast machine the job is over before a pointer has waited for the button to stand still.
  await page.getByRole('button', { name: 'Cancel this job' }).first().dispatchEvent('click');
  await expect(studio.strip.getByRole('option', { name: /^cancelled at step/ })).toBeVisible({
    timeout: 30_000,
  });
  await expect(studio.price).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Cancel this job' })).toHaveCount(0);
});
