import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

function line({ x, y }: Reading, length: number): Reading[] {
  return Array.from({ length: length / 20 + 1 }, (_, i) => ({ x: x + i * 20, y, force: 1 }));
}

async function setExactly(studio: StudioPage, label: string, value: number): Promise<void> {
  await studio.page.getByLabel(`${label}, exact`).fill(String(value));
  await studio.page.getByLabel(`${label}, exact`).press('Enter');
}

/** Drags a rectangle of the document, shown at 100%, with the tool of that name. */
async function dragWith(studio: StudioPage, tool: string, from: Reading, to: Reading): Promise<void> {
  const { page } = studio;
  await page.getByRole('button', { name: tool, exact: true }).click();
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
}

/** A document of 512 × 512 at 100%, few steps; returns where its corner is in the window. */
async function sheet(studio: StudioPage, name: string): Promise<Reading> {
  const { page } = studio;
  await studio.newDocument(name, 512, 512);
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await setExactly(studio, 'Steps', 4);
  await page.keyboard.press('Control+0');
  await page.keyboard.press('Control+1');
  const middle = await studio.middle();
  return { x: middle.x - 256, y: middle.y - 256 };
}

async function shown(studio: StudioPage, corner: Reading): Promise<Buffer> {
  const box = (await studio.canvas.boundingBox())!;
  return studio.pixels(corner.x - box.x, corner.y - box.y, 512, 512);
}

/** The pixels with a rectangle of them blackened. */
function without(pixels: Buffer, left: number, top: number, right: number, bottom: number): Buffer {
  const copy = Buffer.from(pixels);
  for (let y = top; y < bottom; y++) copy.fill(0, (y * 512 + left) * 4, (y * 512 + right) * 4);
  return copy;
}

async function makeAndAccept(studio: StudioPage): Promise<void> {
  const { page } = studio;
  await studio.price.click();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  const layers = await studio.layers.count();
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(studio.layers).toHaveCount(layers + 1);
  await expect(studio.strip).toBeHidden();
}

test('21: each of the canvas’s states shows its verb within 300 ms', async ({ studio }) => {
  const { page } = studio;
  const corner = await sheet(studio, 'Quick verbs');
  const at = (x: number, y: number): Reading => ({ x: corner.x + x, y: corner.y + y });
  await studio.prompt.fill('a red house');
  await expect(studio.price).toHaveText(/^Generate · /);
  const undo = page.getByRole('button', { name: 'Undo', exact: true });
  const paint = (): Promise<void> => studio.pen(line(at(100, 100), 200));
  const steps: [name: string, act: () => Promise<unknown>, verb: RegExp][] = [
    ['paint', paint, /^Generate over/],
    ['no paint', () => undo.click(), /^Generate · /],
    ['paint again', paint, /^Generate over/],
    ['less strength', () => setExactly(studio, 'Strength', 45), /^Refine 45%/],
    [
      'a selection',
      () => dragWith(studio, 'Select rectangle', at(60, 60), at(260, 220)),
      /^Refine selection/,
    ],
    ['all strength', () => setExactly(studio, 'Strength', 100), /^Fill/],
    ['no words', () => studio.prompt.fill(''), /^Remove/],
    ['words', () => studio.prompt.fill('a red house'), /^Fill/],
    [
      'no selection',
      async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+d');
      },
      /^Generate over/,
    ],
  ];
  // The page's own clock stands still but for the 300 ms that it is given: the machine may take its time.
  await page.clock.install();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
  for (const [name, act, verb] of steps) {
    await act();
    await page.clock.runFor(299);
    await expect(studio.price, name).toHaveText(verb);
  }
});

test('21: selection, text, strength and place each say what a press will do', async ({ studio }) => {
  const { page } = studio;
  const corner = await sheet(studio, 'Verbs');
  await studio.prompt.fill('a red house');
  await expect(studio.price).toHaveText(/^Generate · /);
  await studio.pen(line({ x: corner.x + 100, y: corner.y + 100 }, 200));
  await expect(studio.price).toHaveText(/^Generate over/);
  await setExactly(studio, 'Strength', 45);
  await expect(studio.price).toHaveText(/^Refine 45%/);
  await dragWith(
    studio,
    'Select rectangle',
    { x: corner.x + 60, y: corner.y + 60 },
    { x: corner.x + 260, y: corner.y + 220 },
  );
  await expect(studio.price).toHaveText(/^Refine selection/);
  await setExactly(studio, 'Strength', 100);
  await expect(studio.price).toHaveText(/^Fill/);
  await page.getByRole('button', { name: 'Do something else' }).click();
  await page.getByRole('menuitem', { name: 'Generate over' }).click();
  await expect(studio.price).toHaveText(/^Generate over/);
  await page.getByRole('button', { name: /is pinned/ }).click();
  await page.getByRole('menuitem', { name: 'What the canvas says' }).click();
  await expect(studio.price).toHaveText(/^Fill/);
  await studio.prompt.fill('');
  await expect(studio.price).toHaveText(/^Remove/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+d');
  await expect(studio.price).toHaveText(/^Generate over/);
});

test('22: a fill changes nothing outside the selection, bit for bit, and undo brings all back', async ({
  studio,
}) => {
  const { page } = studio;
  const corner = await sheet(studio, 'Filled');
  for (let y = 40; y < 480; y += 40) await studio.pen(line({ x: corner.x + 20, y: corner.y + y }, 460));
  const [from, to] = [
    { x: corner.x + 120, y: corner.y + 130 },
    { x: corner.x + 330, y: corner.y + 300 },
  ];
  await dragWith(studio, 'Select rectangle', from, to);
  await page.keyboard.press('Control+d');
  const before = await shown(studio, corner);
  await page.keyboard.press('Control+Shift+d');
  await studio.prompt.fill('a red house by the sea');
  await expect(studio.price).toHaveText(/^Fill · /);
  await makeAndAccept(studio);
  // 27: with the selection as its mask.
  await expect(studio.layers.first()).toHaveAccessibleName(/generated.*masked/);
  await page.keyboard.press('Control+d');
  await page.mouse.move(4, 4);
  const after = await shown(studio, corner);
  expect(Buffer.compare(without(after, 120, 130, 330, 300), without(before, 120, 130, 330, 300))).toBe(0);
  expect(Buffer.compare(after, before)).not.toBe(0);
  // Letting go of the selection, the fill, and taking the selection up are a step each.
  for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(async () => Buffer.compare(await shown(studio, corner), before)).toBe(0);
});

test('15: a selection survives generating, making the same once more, and a reload', async ({ studio }) => {
  const { page } = studio;
  await page.setViewportSize({ width: 1920, height: 1080 });
  const corner = await sheet(studio, 'Kept');
  const [from, to] = [
    { x: corner.x + 120, y: corner.y + 130 },
    { x: corner.x + 330, y: corner.y + 300 },
  ];
  await dragWith(studio, 'Select rectangle', from, to);
  const bar = page.getByRole('toolbar', { name: 'Selection', exact: true });
  await studio.prompt.fill('a red house by the sea');
  await expect(studio.price).toHaveText(/^Fill · /);
  await studio.price.click();
  const results = studio.strip.getByRole('option', { name: /^Result/ });
  await expect(results).toHaveCount(1, { timeout: 60_000 });
  await expect(studio.price).toHaveText(/^Fill/);
  await page.getByRole('button', { name: 'The same once more' }).first().click();
  await expect(results).toHaveCount(2, { timeout: 60_000 });
  await expect(studio.price).toHaveText(/^Fill/);
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await studio.saved();
  await page.reload();
  await studio.ready();
  await expect(bar).toBeVisible();
  // The same pixels are selected: paint lands within them and nowhere else.
  await page.getByRole('button', { name: 'Brush', exact: true }).click();
  await page.keyboard.press('Control+0');
  await page.keyboard.press('Control+1');
  // Its outline moves.
  await page.keyboard.press('Control+Shift+h');
  await page.mouse.move(4, 4);
  const middle = await studio.middle();
  const left = { x: middle.x - 256, y: middle.y - 256 };
  const before = await shown(studio, left);
  await studio.pen(line({ x: left.x + 20, y: left.y + 200 }, 460));
  await studio.saved();
  await page.mouse.move(4, 4);
  const after = await shown(studio, left);
  expect(Buffer.compare(without(after, 120, 130, 330, 300), without(before, 120, 130, 330, 300))).toBe(0);
  for (const x of [122, 327]) {
    const at = (200 * 512 + x) * 4;
    expect(Buffer.compare(after.subarray(at, at + 3), before.subarray(at, at + 3))).not.toBe(0);
  }
});

test('a frame over blank paper beside a picture extends it and leaves the picture alone', async ({
  studio,
}) => {
  const { page } = studio;
  const corner = await sheet(studio, 'Extended');
  await dragWith(studio, 'Frame', { x: corner.x, y: corner.y }, { x: corner.x + 256, y: corner.y + 256 });
  await studio.prompt.fill('a red sailboat on the sea');
  await makeAndAccept(studio);
  await page.getByRole('button', { name: 'Auto', exact: true }).click();
  await dragWith(
    studio,
    'Frame',
    { x: corner.x + 128, y: corner.y },
    { x: corner.x + 384, y: corner.y + 256 },
  );
  await expect(studio.price).toHaveText(/^Extend · /);
  await page.getByRole('button', { name: 'Auto', exact: true }).click();
  const before = await shown(studio, corner);
  await dragWith(
    studio,
    'Frame',
    { x: corner.x + 128, y: corner.y },
    { x: corner.x + 384, y: corner.y + 256 },
  );
  await expect(studio.price).toHaveText(/^Extend · /);
  await makeAndAccept(studio);
  await page.getByRole('button', { name: 'Auto', exact: true }).click();
  await page.mouse.move(4, 4);
  const after = await shown(studio, corner);
  expect(Buffer.compare(without(after, 256, 0, 384, 256), without(before, 256, 0, 384, 256))).toBe(0);
  expect(Buffer.compare(after, before)).not.toBe(0);
});
