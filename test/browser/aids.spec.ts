import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

/** A drag of the pen from one place of the window to another. */
async function drag(studio: StudioPage, from: Reading, to: Reading): Promise<void> {
  await studio.pen(
    [0, 0.25, 0.5, 0.75, 1].map((t) => ({
      x: from.x + (to.x - from.x) * t,
      y: from.y + (to.y - from.y) * t,
      force: 0.6,
    })),
  );
}

/** Where the document's origin lies in the window at 100%, for a picture that is centred. */
async function origin(studio: StudioPage, width: number, height: number): Promise<Reading> {
  await studio.page.keyboard.press('Control+0');
  await studio.page.keyboard.press('Control+1');
  await studio.settleFrames();
  const box = (await studio.canvas.boundingBox())!;
  return {
    x: box.x + Math.round((box.width - width) / 2),
    y: box.y + Math.round((box.height - height) / 2),
  };
}

const history = (page: Page) => page.getByRole('listbox', { name: 'History' }).getByRole('option');
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selection', exact: true });

/** Opaque pixels of the overlay in a column or row of the canvas. */
async function drawn(
  studio: StudioPage,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<number> {
  await studio.settleFrames();
  return studio.page.getByTestId('aids').evaluate(
    (canvas, rect) => {
      const context = (canvas as HTMLCanvasElement).getContext('2d')!;
      const { data } = context.getImageData(rect.x, rect.y, rect.width, rect.height);
      return data.filter((value, at) => at % 4 === 3 && value === 255).length;
    },
    { x, y, width, height },
  );
}

/** Takes a tool from the rail: a key that a slow machine holds too long only borrows it. */
async function choose(page: Page, tool: string): Promise<void> {
  await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: tool, exact: true }).click();
}

async function run(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a command').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByPlaceholder('Find a command')).toBeHidden();
}

test('a guide is dragged out of a ruler, moved, typed, locked, removed; each is a step that comes back', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.newDocument('guided', 400, 300);
  await studio.canvas.focus();
  await page.keyboard.press('Control+r');
  await expect(page.getByRole('button', { name: 'px: rulers in pixels' })).toBeVisible();
  const at = await origin(studio, 400, 300);
  const box = (await studio.canvas.boundingBox())!;
  const column = (x: number): Promise<number> => drawn(studio, at.x + x - box.x, 200, 2, 100);
  await drag(studio, { x: box.x + 8, y: at.y + 150 }, { x: at.x + 120, y: at.y + 40 });
  // A black and a white line, one pixel each.
  await expect.poll(() => column(120)).toBe(200);
  await choose(page, 'Move');
  await drag(studio, { x: at.x + 121, y: at.y + 250 }, { x: at.x + 180, y: at.y + 20 });
  await expect.poll(() => column(180)).toBe(200);
  expect(await column(120)).toBe(0);
  await page.keyboard.press('Control+z');
  await expect.poll(() => column(120)).toBe(200);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => column(180)).toBe(200);

  await run(page, 'Guides and grid');
  const dialog = page.getByRole('dialog', { name: 'Guides and grid' });
  const field = dialog.getByLabel('Vertical guide 1, px');
  await field.fill('77');
  await field.press('Enter');
  const axe = await new AxeBuilder({ page }).include('.dialog').analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await dialog.getByText('Locked').click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => column(77)).toBe(200);

  await studio.saved();
  await page.reload();
  await studio.ready();
  await studio.canvas.focus();
  await origin(studio, 400, 300);
  await expect.poll(() => column(77)).toBe(200);
  // Locked: the drag moves the layer, not the guide.
  await choose(page, 'Move');
  await drag(studio, { x: at.x + 77, y: at.y + 250 }, { x: at.x + 200, y: at.y + 250 });
  expect(await column(77)).toBe(200);
  await page.keyboard.press('Control+Alt+Semicolon');
  await drag(studio, { x: at.x + 77, y: at.y + 250 }, { x: box.x + 6, y: at.y + 250 });
  await expect.poll(() => column(77)).toBe(0);
  await page.keyboard.press('Control+z');
  await expect.poll(() => column(77)).toBe(200);
  await page.keyboard.press('Control+Semicolon');
  await expect.poll(() => column(77)).toBe(0);
});

test('rulers follow pan, zoom, turn and flip, and count in other units', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('measured', 400, 300);
  await studio.canvas.focus();
  await page.keyboard.press('Control+r');
  const look = async (): Promise<string> => {
    await studio.settleFrames();
    return page.getByTestId('ruler-top').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  };
  const seen = new Set<string>();
  const changes = async (act: () => Promise<unknown>): Promise<void> => {
    seen.add(await look());
    await act();
    expect(seen.has(await look())).toBe(false);
  };
  await origin(studio, 400, 300);
  await page.mouse.move(4, 4);
  await changes(() => page.keyboard.press('Control+Equal'));
  await changes(() => page.keyboard.press('Shift+h'));
  await changes(() => run(page, 'Turn view right'));
  const unit = page.getByRole('button', { name: 'px: rulers in pixels' });
  await changes(async () => {
    await unit.click();
    await expect(page.getByRole('button', { name: 'mm: rulers in millimetres' })).toBeVisible();
  });
  // The pointer is marked.
  const middle = await studio.middle();
  await changes(() => page.mouse.move(middle.x + 13, middle.y));
  const axe = await new AxeBuilder({ page }).include('.canvas-area').analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

test('what is dragged rests on guides, canvas and grid; Ctrl held suspends it', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('snapped', 400, 300);
  await studio.canvas.focus();
  await page.keyboard.press('Control+r');
  const at = await origin(studio, 400, 300);
  const box = (await studio.canvas.boundingBox())!;
  await drag(studio, { x: box.x + 8, y: at.y + 150 }, { x: at.x + 100, y: at.y + 40 });
  const place = (x: number, y: number): Reading => ({ x: at.x + x, y: at.y + y });
  const selected = async (): Promise<number[]> => {
    await page.keyboard.press('Alt+Backspace');
    const data = await studio.pixels(at.x - box.x, at.y - box.y, 400, 300);
    let [left, top, right, bottom] = [400, 300, -1, -1];
    for (let y = 0; y < 300; y++)
      for (let x = 0; x < 400; x++) {
        if (data[(y * 400 + x) * 4]! > 200) continue;
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
    await page.keyboard.press('Control+z');
    return [left, top, right, bottom];
  };
  // Without guides, outline and bar in the way of the pixels that are counted.
  const clear = async (): Promise<void> => {
    await page.keyboard.press('Control+Semicolon');
    await page.keyboard.press('Control+Shift+h');
  };
  await choose(page, 'Select rectangle');
  await drag(studio, place(104, 5), place(197, 148));
  await clear();
  expect(await selected()).toEqual([100, 0, 200, 150]);
  await clear();
  // The selection itself is moved: its left edge rests on the guide again, its middle on the canvas' middle.
  await drag(studio, place(150, 75), place(155, 147));
  await clear();
  expect(await selected()).toEqual([100, 75, 200, 225]);
  await page.keyboard.press('Control+z');
  expect(await selected()).toEqual([100, 0, 200, 150]);
  await clear();
  await page.keyboard.press('Control+d');
  await page.keyboard.down('Control');
  await page.mouse.move(at.x + 104, at.y + 5);
  await page.mouse.down();
  await page.mouse.move(at.x + 197, at.y + 148, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Control');
  await clear();
  expect(await selected()).toEqual([104, 5, 197, 148]);
  await clear();
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Control+Shift+Semicolon');
  await drag(studio, place(104, 5), place(197, 148));
  await clear();
  expect(await selected()).toEqual([104, 5, 197, 148]);
  await page.keyboard.press('Control+Shift+Semicolon');
  await clear();
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Control+Quote');
  // Parts of the grid are 16 px.
  await drag(studio, place(30, 50), place(250, 270));
  await clear();
  expect(await selected()).toEqual([32, 48, 256, 272]);
});

test('strokes follow a perspective that is made, moved and removed on the canvas', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('drawn', 400, 300);
  await studio.canvas.focus();
  const at = await origin(studio, 400, 300);
  const box = (await studio.canvas.boundingBox())!;
  const place = (x: number, y: number): Reading => ({ x: at.x + x, y: at.y + y });
  const dark = async (x: number, y: number): Promise<boolean> =>
    (await studio.pixels(at.x - box.x + x, at.y - box.y + y, 1, 1))[0]! < 140;
  await choose(page, 'Drawing ruler');
  await page.getByRole('button', { name: /New ruler/ }).click();
  await page.getByRole('option', { name: '1-point perspective' }).click();
  await studio.canvas.focus();
  await drag(studio, place(200, 80), place(200, 100));
  await choose(page, 'Brush');
  await drag(studio, place(40, 260), place(130, 150));
  // The overlay is above; the picture is looked at without it.
  await expect.poll(() => dark(80, 220)).toBe(true);
  expect(await dark(130, 150)).toBe(false);
  await page.keyboard.press('Control+z');
  await choose(page, 'Drawing ruler');
  await drag(studio, place(200, 100), place(300, 260));
  await choose(page, 'Brush');
  await drag(studio, place(40, 260), place(130, 250));
  await expect.poll(() => dark(120, 260)).toBe(true);
  await page.keyboard.press('Control+z');
  // Undoing the move brings the old vanishing point back.
  await page.keyboard.press('Control+z');
  await drag(studio, place(40, 260), place(130, 150));
  await expect.poll(() => dark(80, 220)).toBe(true);
  await choose(page, 'Drawing ruler');
  await page.getByRole('button', { name: 'Remove this ruler' }).click();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Remove this ruler' })).toBeVisible();
});

test('making, moving and clearing a selection are steps of history, also after a reload', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.canvas.focus();
  const middle = await studio.middle();
  await choose(page, 'Select rectangle');
  await drag(studio, { x: middle.x - 80, y: middle.y - 60 }, { x: middle.x + 40, y: middle.y + 30 });
  await expect(bar(page)).toBeVisible();
  await drag(studio, { x: middle.x - 20, y: middle.y - 20 }, { x: middle.x + 30, y: middle.y + 30 });
  await page.keyboard.press('Control+Shift+i');
  await page.keyboard.press('Control+d');
  await expect(bar(page)).toBeHidden();
  await page.getByRole('tab', { name: 'History' }).click();
  const steps = ['Rectangular selection', 'Move selection', 'Invert selection', 'Deselect'];
  for (const label of steps) await expect(history(page).filter({ hasText: label })).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(bar(page)).toBeVisible();
  await studio.saved();
  await page.reload();
  await studio.ready();
  await studio.canvas.focus();
  await expect(bar(page)).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await expect(bar(page)).toBeHidden();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+Shift+z');
  await expect(bar(page)).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(bar(page)).toBeHidden();
});
