import AxeBuilder from '@axe-core/playwright';
import sharp from 'sharp';
import { dropFile } from './support/drop-file.ts';
import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

/** A drag from one place to another, in CSS px from the middle. */
async function drag(studio: StudioPage, from: Reading, to: Reading): Promise<void> {
  const middle = await studio.middle();
  const at = (t: number): Reading => ({
    x: middle.x + from.x + (to.x - from.x) * t,
    y: middle.y + from.y + (to.y - from.y) * t,
    force: 0.6,
  });
  await studio.pen([0, 0.25, 0.5, 0.75, 1].map(at));
}

const bar = (studio: StudioPage) => studio.page.getByRole('toolbar', { name: 'Selection', exact: true });

/** A picture with the colours and the unrest of a photograph. */
async function photo(): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 128, sigma: 45 } as const;
  const picture = sharp({ create: { width: 1024, height: 1024, channels: 3, background: '#808080', noise } });
  return new Uint8Array(await picture.blur(2).png().toBuffer());
}

/** Colour of the shown picture at a place from the middle. */
async function colourAt(studio: StudioPage, x: number, y: number): Promise<number[]> {
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  return [...(await studio.pixels(middle.x - box.x + x, middle.y - box.y + y, 1, 1))].slice(0, 3);
}

/** Takes a tool from the rail: a key that a slow machine holds too long only borrows it. */
async function choose({ page }: StudioPage, tool: string): Promise<void> {
  await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: tool, exact: true }).click();
}

test('15: a selection comes back with the document, and so do named ones', async ({ studio }) => {
  const { page } = studio;
  // A first start puts the focus into the prompt.
  await studio.canvas.focus();
  await choose(studio, 'Select rectangle');
  await drag(studio, { x: -100, y: -80 }, { x: 60, y: 40 });
  await expect(bar(studio)).toBeVisible();
  const axe = await new AxeBuilder({ page }).include('.selection-bar').include('.tool-options').analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await page.getByRole('button', { name: 'Selection', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Save selection…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Fox');
  await page.keyboard.press('Enter');
  await expect(studio.status).toContainText('"Fox" is kept with the document');
  await studio.saved();
  await page.reload();
  await studio.ready();
  await expect(bar(studio)).toBeVisible();
  // The brush stays within what was selected before the reload.
  await choose(studio, 'Brush');
  await drag(studio, { x: -180, y: -20 }, { x: 150, y: -20 });
  expect(await colourAt(studio, -20, -20)).toEqual([31, 58, 95]);
  expect(await colourAt(studio, 120, -20)).toEqual([255, 255, 255]);
  await choose(studio, 'Select rectangle');
  await page.keyboard.press('Control+d');
  await expect(bar(studio)).toBeHidden();
  await page.getByRole('button', { name: 'Selection', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Load Fox' }).click();
  await expect(bar(studio)).toBeVisible();
});

test('14: what is painted with Q is seen on black, white, red and photographed pictures, and is selected', async ({
  studio,
}) => {
  const { page } = studio;
  // A first start puts the focus into the prompt.
  await studio.canvas.focus();
  const field = page.getByLabel('Colour, hexadecimal');
  for (const picture of ['#000000', '#ffffff', '#e01010', 'photo']) {
    if (picture === 'photo') {
      const layers = await studio.layers.count();
      await dropFile(studio, 'photo.png', await photo());
      await expect(studio.layers).toHaveCount(layers + 1);
    } else {
      await field.fill(picture);
      await field.press('Enter');
      await studio.canvas.focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Alt+Backspace');
      await page.keyboard.press('Control+d');
    }
    await studio.canvas.focus();
    await studio.tap('b');
    await page.getByLabel('Size, exact').fill('80');
    await page.getByLabel('Size, exact').press('Enter');
    await studio.canvas.focus();
    const middle = await studio.middle();
    const box = (await studio.canvas.boundingBox())!;
    const look = (): Promise<Buffer> => studio.pixels(middle.x - box.x - 20, middle.y - box.y - 8, 40, 16);
    await page.mouse.move(4, 4);
    const own = await look();
    await studio.tap('q');
    await expect(page.getByRole('button', { name: 'Done (Q)' })).toBeVisible();
    await drag(studio, { x: -60, y: 0 }, { x: 60, y: 0 });
    const pixels = await look();
    const changes = Array.from({ length: 640 }, (_, i) =>
      Math.max(...[0, 1, 2].map((channel) => Math.abs(pixels[i * 4 + channel]! - own[i * 4 + channel]!))),
    ).sort((a, b) => a - b);
    // Nothing of it looks like the picture (of a photo, next to nothing), and its lines stand out from each other.
    expect(changes[picture === 'photo' ? 64 : 0], picture).toBeGreaterThan(20);
    expect(changes.at(-1)! - changes[0]!, picture).toBeGreaterThan(60);
    await studio.tap('q');
    await expect(bar(studio)).toBeVisible();
  }
  // What was painted is selected: filling stays within it.
  await field.fill('#10e040');
  await field.press('Enter');
  await studio.canvas.focus();
  await page.keyboard.press('Alt+Backspace');
  expect(await colourAt(studio, 0, -5)).toEqual([16, 224, 64]);
  expect(await colourAt(studio, 0, 70)).not.toEqual([16, 224, 64]);
});

test('straight sides, ratio, size, and what a layer holds', async ({ studio }) => {
  const { page } = studio;
  // A first start puts the focus into the prompt.
  await studio.canvas.focus();
  const middle = await studio.middle();
  await studio.tap('l');
  await page.getByRole('button', { name: 'Straight sides' }).click();
  for (const [x, y] of [
    [-80, -80],
    [80, -80],
    [80, 60],
    [-80, 60],
  ] as const)
    await studio.pen([{ x: middle.x + x, y: middle.y + y }]);
  await expect(bar(studio)).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(bar(studio)).toBeVisible();
  await page.keyboard.press('Alt+Backspace');
  expect(await colourAt(studio, 0, 0)).toEqual([31, 58, 95]);
  expect(await colourAt(studio, 0, 90)).toEqual([255, 255, 255]);
  await page.keyboard.press('Control+d');
  const thumbnail = (await page.getByRole('button', { name: 'Move Layer 1' }).boundingBox())!;
  await page.keyboard.down('Control');
  await page.mouse.click(thumbnail.x + 10, thumbnail.y + 10);
  await page.keyboard.up('Control');
  await expect(bar(studio)).toBeVisible();
  await page.keyboard.press('Control+Shift+i');
  await studio.tap('x');
  await studio.tap('d');
  await page.keyboard.press('Alt+Backspace');
  expect(await colourAt(studio, 0, 0)).toEqual([31, 58, 95]);
  expect(await colourAt(studio, 0, 90)).toEqual([0, 0, 0]);
});

test('a colour range is a command, growing says by how much, a name is written at once', async ({
  studio,
}) => {
  const { page } = studio;
  await drag(studio, { x: -120, y: 0 }, { x: 120, y: 0 });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('searchbox').fill('colour range');
  await page.keyboard.press('Enter');
  await expect(studio.status).toContainText('all that is like it is selected');
  const middle = await studio.middle();
  await studio.pen([{ x: middle.x, y: middle.y, force: 0.5 }]);
  await expect(bar(studio)).toBeVisible();
  const menu = page.getByRole('button', { name: 'Selection', exact: true });
  await choose(studio, 'Select rectangle');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Grow selection by 4 px' }).click();
  await expect(studio.status).toContainText('Grow selection: 4 px.');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Save selection…' }).click();
  await page.keyboard.type('Stroke');
  await page.keyboard.press('Enter');
  await expect(studio.status).toContainText('"Stroke" is kept with the document');
});

test('colour range and the wand look at the layer that is asked for', async ({ studio }) => {
  const { page } = studio;
  // A first start puts the focus into the prompt.
  await studio.canvas.focus();
  await studio.tap('m');
  await drag(studio, { x: -80, y: -60 }, { x: -10, y: 60 });
  await page.keyboard.press('Alt+Backspace');
  await page.keyboard.press('Control+d');
  await studio.tap('w');
  await page.getByRole('button', { name: 'Colour range' }).click();
  const middle = await studio.middle();
  await studio.pen([{ x: middle.x - 40, y: middle.y }]);
  await expect(bar(studio)).toBeVisible();
  await studio.tap('d');
  await page.keyboard.press('Alt+Backspace');
  expect(await colourAt(studio, -40, 20)).toEqual([0, 0, 0]);
  expect(await colourAt(studio, 40, 20)).toEqual([255, 255, 255]);
});
