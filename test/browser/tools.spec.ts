import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

/** The picture's own pixel at a document place, as shown at 100%. */
async function shown(
  studio: StudioPage,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<number[]> {
  await studio.page.mouse.move(4, 4);
  const box = (await studio.canvas.boundingBox())!;
  const left = Math.round((box.width - width) / 2) + x;
  const top = Math.round((box.height - height) / 2) + y;
  return [...(await studio.pixels(left, top, 1, 1))];
}

/** A document place in CSS px of the window, at 100%. */
async function place(
  studio: StudioPage,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<Reading> {
  const box = (await studio.canvas.boundingBox())!;
  return {
    x: box.x + Math.round((box.width - width) / 2) + x,
    y: box.y + Math.round((box.height - height) / 2) + y,
  };
}

async function drag(studio: StudioPage, from: Reading, to: Reading, lift = true): Promise<void> {
  const steps = Array.from({ length: 9 }, (_, i) => ({
    x: from.x + ((to.x - from.x) * i) / 8,
    y: from.y + ((to.y - from.y) * i) / 8,
  }));
  await studio.pen(steps, lift);
}

async function sheet(studio: StudioPage, name: string): Promise<void> {
  await studio.newDocument(name, 400, 300);
  await studio.page.keyboard.press('Control+1');
  await studio.canvas.click({ position: { x: 5, y: 5 } });
}

test('a gradient lies where the pen drew it, is one step and says why when it changes nothing', async ({
  studio,
}) => {
  await sheet(studio, 'Gradient');
  const { page } = studio;
  await studio.tap('d');
  await page.keyboard.down('Shift');
  await studio.tap('g');
  await page.keyboard.up('Shift');
  await expect(page.getByRole('button', { name: 'Gradient', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await drag(studio, await place(studio, 0, 150, 400, 300), await place(studio, 400, 150, 400, 300));
  for (const x of [20, 200, 380]) {
    const off = async (): Promise<number> => {
      const [grey = 0] = await shown(studio, x, 40, 400, 300);
      return Math.abs(grey - ((x + 0.5) / 400) * 255);
    };
    await expect.poll(off).toBeLessThan(3);
  }
  await page.keyboard.press('Control+z');
  await expect.poll(() => shown(studio, 20, 40, 400, 300)).toEqual([255, 255, 255, 255]);
  const here = await place(studio, 60, 60, 400, 300);
  await studio.pen([here, here]);
  await expect(studio.status).toContainText('Drag to say where the gradient starts and ends');
});

test('crop waits for Enter, Esc drops it, undo brings everything back', async ({ studio }) => {
  await sheet(studio, 'Crop');
  const { page } = studio;
  await studio.tap('c');
  await drag(studio, await place(studio, 100, 50, 400, 300), await place(studio, 300, 250, 400, 300));
  await expect(page.getByText('Crop to 200 × 200')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Crop to 200 × 200')).toBeHidden();
  await drag(studio, await place(studio, 100, 50, 400, 300), await place(studio, 300, 250, 400, 300));
  await page.keyboard.press('Enter');
  await expect(studio.canvas).toHaveAccessibleName(/200 by 200/);
  await page.keyboard.press('Control+z');
  await expect(studio.canvas).toHaveAccessibleName(/400 by 300/);
});

test('image size, canvas size and turns change the whole picture by keyboard', async ({ studio }) => {
  await sheet(studio, 'Sizes');
  const { page } = studio;
  const dialog = page.getByRole('dialog');
  await page.keyboard.press('Control+Alt+i');
  await dialog.getByLabel('Width').fill('200');
  await dialog.getByLabel('Width').blur();
  await expect(dialog.getByLabel('Height')).toHaveValue('150');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(studio.canvas).toHaveAccessibleName(/200 by 150/);
  await page.keyboard.press('Control+Alt+c');
  await dialog.getByLabel('Height').fill('300');
  await dialog.getByLabel('Height').blur();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(studio.canvas).toHaveAccessibleName(/200 by 300/);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Rotate 90° left');
  await page.keyboard.press('Enter');
  await expect(studio.canvas).toHaveAccessibleName(/300 by 200/);
  await page.reload();
  await studio.ready();
  await expect(studio.canvas).toHaveAccessibleName(/300 by 200/);
});

test('a transform is dragged, typed, seen before it is applied, and is one step', async ({ studio }) => {
  await sheet(studio, 'Transform');
  const { page } = studio;
  await studio.tap('m');
  await drag(studio, await place(studio, 40, 40, 400, 300), await place(studio, 120, 100, 400, 300));
  await studio.tap('d');
  await page.keyboard.press('Alt+Backspace');
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Shift+t');
  await expect(page.getByLabel('Width %')).toHaveValue('100');
  await drag(studio, await place(studio, 80, 70, 400, 300), await place(studio, 280, 170, 400, 300));
  await expect.poll(async () => (await shown(studio, 250, 145, 400, 300))[0]).toBe(0);
  expect((await shown(studio, 60, 60, 400, 300))[0]).toBe(255);
  await page.getByLabel('Angle °').fill('90');
  await page.getByLabel('Angle °').press('Enter');
  await page.getByRole('button', { name: 'Apply' }).click();
  // 80 × 60 turned about (280, 170): 60 wide and 80 tall.
  await expect.poll(async () => (await shown(studio, 280, 133, 400, 300))[0]).toBe(0);
  expect((await shown(studio, 245, 145, 400, 300))[0]).toBe(255);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await shown(studio, 60, 60, 400, 300))[0]).toBe(0);
});

test('the move tool works in a document of 16 bits', async ({ studio }) => {
  await sheet(studio, 'Deep move');
  const { page } = studio;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('16 bits/channel');
  await page.keyboard.press('Enter');
  await studio.canvas.click({ position: { x: 5, y: 5 } });
  await studio.tap('d');
  await studio.tap('m');
  await drag(studio, await place(studio, 40, 40, 400, 300), await place(studio, 120, 100, 400, 300));
  await page.keyboard.press('Alt+Backspace');
  await page.keyboard.press('Control+d');
  await studio.tap('v');
  await drag(studio, await place(studio, 80, 70, 400, 300), await place(studio, 280, 170, 400, 300));
  await expect.poll(async () => (await shown(studio, 250, 145, 400, 300))[0]).toBe(0);
  expect((await shown(studio, 60, 60, 400, 300))[0]).toBe(255);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await shown(studio, 60, 60, 400, 300))[0]).toBe(0);
});
