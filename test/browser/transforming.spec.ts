import { expect, test } from './support/test.ts';
import type { StudioPage } from './support/studio-page.ts';

const INK = [31, 58, 95];
const WHITE = [255, 255, 255];

async function colourAt(studio: StudioPage, x: number, y: number): Promise<number[]> {
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  return [...(await studio.pixels(middle.x - box.x + x, middle.y - box.y + y, 1, 1))].slice(0, 3);
}

async function drag(studio: StudioPage, from: [number, number], to: [number, number]): Promise<void> {
  const middle = await studio.middle();
  await studio.pen(
    [0, 0.25, 0.5, 0.75, 1].map((t) => ({
      x: middle.x + from[0] + (to[0] - from[0]) * t,
      y: middle.y + from[1] + (to[1] - from[1]) * t,
      force: 0.8,
    })),
  );
}

/** A square of ink, 200 px, around the middle of the canvas at 100%. */
async function square(studio: StudioPage): Promise<void> {
  await studio.page.keyboard.press('Control+1');
  await studio.page.getByRole('button', { name: 'Shape', exact: true }).click();
  await drag(studio, [-100, -100], [100, 100]);
  expect(await colourAt(studio, -90, 0)).toEqual(INK);
}

test('a linked mask follows a transform, seen before it is applied, in one step; an unlinked one stays', async ({
  studio,
}) => {
  const { page } = studio;
  const options = page.getByRole('region', { name: 'Tool options' });
  await square(studio);
  await page.getByRole('button', { name: 'Select rectangle', exact: true }).click();
  await drag(studio, [-120, -120], [0, 120]);
  await page.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Mask from selection' }).click();
  await studio.canvas.focus();
  await page.keyboard.press('Control+d');
  await expect.poll(() => colourAt(studio, 50, 0)).toEqual(WHITE);
  const move = async (by: number): Promise<void> => {
    await studio.canvas.focus();
    await page.keyboard.press('Control+t');
    const x = options.getByRole('textbox', { name: 'X', exact: true });
    await x.fill(String(Number(await x.inputValue()) + by));
    await x.press('Tab');
  };
  await move(150);
  // The preview: what was shown is shown 150 px farther, and the hidden half is hidden still.
  await expect.poll(() => colourAt(studio, 100, 0)).toEqual(INK);
  expect(await colourAt(studio, -50, 0)).toEqual(WHITE);
  expect(await colourAt(studio, 200, 0)).toEqual(WHITE);
  await options.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => colourAt(studio, 100, 0)).toEqual(INK);
  expect(await colourAt(studio, -50, 0)).toEqual(WHITE);
  expect(await colourAt(studio, 200, 0)).toEqual(WHITE);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, -50, 0)).toEqual(INK);
  expect(await colourAt(studio, 100, 0)).toEqual(WHITE);
  // Liquify pushes the mask's edge along.
  await page.getByRole('button', { name: 'Liquify', exact: true }).click();
  await drag(studio, [-30, 0], [60, 0]);
  await expect.poll(() => colourAt(studio, 15, 0)).toEqual(INK);
  await options.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => colourAt(studio, 15, 0)).toEqual(INK);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, 15, 0)).toEqual(WHITE);
  await page.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Unlink mask from layer' }).click();
  await studio.canvas.focus();
  await page.keyboard.press('Backslash');
  await move(80);
  await options.getByRole('button', { name: 'Apply' }).click();
  // The pixels went on, the mask hides the right half of the canvas still.
  await expect.poll(() => colourAt(studio, -50, 0)).toEqual(WHITE);
  expect(await colourAt(studio, -10, 0)).toEqual(INK);
  expect(await colourAt(studio, 50, 0)).toEqual(WHITE);
});

test('a mesh of handles bends pixels: seen while it is dragged, made finer, dropped, applied in one step', async ({
  studio,
}, info) => {
  const { page } = studio;
  const options = page.getByRole('region', { name: 'Tool options' });
  await studio.newDocument('Bent', 1024, 1024);
  studio.watch('Bent');
  await square(studio);
  const before = await studio.storedHash();
  await studio.canvas.focus();
  await page.keyboard.press('Control+t');
  await options.getByRole('button', { name: 'Warp' }).click();
  await expect(options.getByRole('textbox', { name: 'Columns' })).toHaveValue('3');
  // Nothing was moved yet, so nothing changes.
  await options.getByRole('button', { name: 'Apply' }).click();
  expect(await studio.storedHash()).toBe(before);
  await studio.canvas.focus();
  await page.keyboard.press('Control+t');
  await options.getByRole('button', { name: 'Warp' }).click();
  await drag(studio, [-100, -100], [-160, -150]);
  await expect.poll(() => colourAt(studio, -145, -135)).toEqual(INK);
  await options.getByRole('textbox', { name: 'Columns' }).fill('5');
  await page.keyboard.press('Tab');
  await expect(options.getByRole('textbox', { name: 'Handle' })).toHaveValue('1');
  // A handle by numbers: the right end of the first row.
  await options.getByRole('textbox', { name: 'Handle' }).fill('6');
  await page.keyboard.press('Tab');
  const y = options.getByRole('textbox', { name: 'Y', exact: true });
  await y.fill(String(Number(await y.inputValue()) + 60));
  await page.keyboard.press('Tab');
  await expect.poll(() => colourAt(studio, 95, -80)).toEqual(WHITE);
  await page.screenshot({ path: info.outputPath('warp.png') });
  await studio.canvas.focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => colourAt(studio, -145, -135)).toEqual(WHITE);
  expect(await studio.storedHash()).toBe(before);
  await page.keyboard.press('Control+t');
  await options.getByRole('button', { name: 'Warp' }).click();
  // Two corners, taken together with Shift.
  const middle = await studio.middle();
  await page.keyboard.down('Shift');
  for (const y of [-100, 100]) await page.mouse.click(middle.x + 100, middle.y + y);
  await page.keyboard.up('Shift');
  await drag(studio, [100, 100], [150, 140]);
  await page.screenshot({ path: info.outputPath('handles.png') });
  await studio.canvas.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => colourAt(studio, 138, 128)).toEqual(INK);
  await expect.poll(() => colourAt(studio, 125, -58)).toEqual(INK);
  await expect.poll(() => studio.storedHash()).not.toBe(before);
  // The tool of before is in hand again.
  await expect(page.getByRole('button', { name: 'Shape', exact: true, pressed: true })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, 138, 128)).toEqual(WHITE);
  await expect.poll(() => studio.storedHash()).toBe(before);
});

test('the move tool takes a group, or what is selected with the selection; arrows move by pixels', async ({
  studio,
}) => {
  const { page } = studio;
  await square(studio);
  await studio.canvas.focus();
  await page.keyboard.press('Control+g');
  await studio.layers.first().click();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await drag(studio, [0, 0], [0, 170]);
  await expect.poll(() => colourAt(studio, 0, 230)).toEqual(INK);
  expect(await colourAt(studio, 0, 0)).toEqual(WHITE);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, 0, 0)).toEqual(INK);
  // The right half is selected and moved on; it can be moved back, for the selection went along.
  await studio.layers.nth(1).click();
  await page.getByRole('button', { name: 'Select rectangle', exact: true }).click();
  await drag(studio, [0, -130], [130, 130]);
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await drag(studio, [50, 0], [50, 183]);
  await expect.poll(() => colourAt(studio, 50, 230)).toEqual(INK);
  expect(await colourAt(studio, 50, -50)).toEqual(WHITE);
  expect(await colourAt(studio, -50, -50)).toEqual(INK);
  await drag(studio, [50, 183], [50, 0]);
  await expect.poll(() => colourAt(studio, 50, -50)).toEqual(INK);
  await page.mouse.click((await studio.middle()).x, (await studio.middle()).y);
  await page.keyboard.press('Control+d');
  for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => colourAt(studio, 120, 0)).toEqual(INK);
  expect(await colourAt(studio, 121, 0)).toEqual(WHITE);
  expect(await colourAt(studio, -80, 0)).toEqual(WHITE);
  expect(await colourAt(studio, -79, 0)).toEqual(INK);
});
