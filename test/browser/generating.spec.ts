import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

function line({ x, y }: Reading, length: number): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force: 1 }));
}

/** Few steps, so that tests of what comes after a picture do not wait for it. */
async function quick(studio: StudioPage, pictures = 1): Promise<void> {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  for (const [label, value] of [
    ['Steps, exact', 4],
    ['Pictures, exact', pictures],
  ] as const) {
    await page.getByLabel(label).fill(String(value));
    await page.getByLabel(label).press('Enter');
  }
}

async function makePictures(studio: StudioPage, count: number): Promise<void> {
  await quick(studio, count);
  await studio.prompt.fill('a red house by the sea');
  await studio.prompt.press('Enter');
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(count, { timeout: 90_000 });
}

test('21: the verb on the button follows from the canvas and the strength', async ({ studio }) => {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toHaveText(/^Generate · /);
  await studio.pen(line(await studio.middle(), 80));
  await expect(studio.price).toHaveText(/^Generate over/);
  await page.getByLabel('Strength, exact').fill('45');
  await page.getByLabel('Strength, exact').press('Enter');
  await expect(studio.price).toHaveText(/^Refine 45%/);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(studio.price).toHaveText(/^Generate · /);
});

test('36, text 17: words that do not fit into one part are said with their number, stay, and BREAK parts them', async ({
  studio,
}) => {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  const text = Array.from({ length: 200 }, () => 'cat').join(' ');
  await studio.prompt.fill(text);
  const said = page.getByText(/^The last 170 words are read apart: 200 tokens, 30 at once\.$/);
  await expect(said).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add BREAK' })).toBeInViewport({ ratio: 1 });
  await expect(studio.prompt).toHaveValue(text);
  await expect(studio.prompt).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await studio.prompt.fill(Array.from({ length: 40 }, () => 'cat').join(' '));
  await page.getByRole('button', { name: 'Add BREAK' }).click();
  await expect(studio.prompt).toHaveValue(/^(cat ){30}BREAK( cat){10}$/);
  await expect(page.getByText(/read apart/)).toBeHidden();
  await studio.prompt.fill('a cat');
  await expect(said).toBeHidden();
});

test('23: the price follows a slider within 270 ms and the button keeps its width', async ({ studio }) => {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toHaveText(/ · /);
  const width = (await studio.price.boundingBox())!.width;
  const slider = page.getByRole('slider', { name: 'Steps' });
  await slider.focus();
  // The page's own clock stands still but for what it is given, so that the studio may take its time to answer.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 10_000);
  for (const key of ['PageUp', 'PageUp', 'PageDown']) {
    const before = await studio.price.innerText();
    await page.keyboard.press(key);
    await page.clock.runFor(270);
    await expect.poll(() => studio.price.innerText()).not.toBe(before);
  }
  expect((await studio.price.boundingBox())!.width).toBe(width);
});

test('24: the countdown never rises without a cause @alone', async ({ studio, process }) => {
  const { page } = studio;
  const bridge = await process.connect();
  const left: { seconds: number; cause: string | null }[] = [];
  bridge.on('generation.progress', ({ secondsLeft, cause }) => left.push({ seconds: secondsLeft, cause }));
  await page.getByRole('radio', { name: 'Generate' }).click();
  await studio.generate('a mountain at dawn');
  expect(left.length).toBeGreaterThan(3);
  for (const [index, { seconds, cause }] of left.entries()) {
    const before = left[index - 1]?.seconds ?? Number.POSITIVE_INFINITY;
    if (seconds > before + 1e-6) expect(cause, `${before} s rose to ${seconds} s`).not.toBeNull();
  }
});

test('25, 26, 27: pictures that wait lock nothing; Esc folds them; accepting is one step above the active layer', async ({
  studio,
}) => {
  const { page } = studio;
  await makePictures(studio, 4);

  await studio.pen(line(await studio.middle(), 60));
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeEnabled();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();

  await studio.strip.getByRole('option', { name: /^Result 1/ }).click();
  await expect(page.getByText('Preview: not in the picture yet')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(studio.strip).toBeHidden();
  await expect(page.getByText('Preview: not in the picture yet')).toBeHidden();
  await page.getByTestId('strip-chip').click();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(4);

  await page.getByRole('row', { name: /^Sheet/ }).click();
  await studio.strip.getByRole('option', { name: /^Result 2/ }).click();
  await page.keyboard.press('Enter');
  await expect(studio.layers).toHaveCount(3);
  await expect(studio.layers.nth(1)).toHaveAccessibleName(/^a red house by the sea, generated/);
  await expect(studio.layers.nth(2)).toHaveAccessibleName(/^Sheet/);
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(3);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(studio.layers).toHaveCount(2);
});

test('a frame says what will change: outside it every pixel stays, bit for bit', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('Framed', 512, 512);
  await quick(studio);
  await page.keyboard.press('Control+0');
  await page.keyboard.press('Control+1');
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const corner = { x: middle.x - 256, y: middle.y - 256 };
  await studio.pen(line({ x: corner.x + 20, y: corner.y + 20 }, 400));
  await page.getByRole('button', { name: 'Frame', exact: true }).click();
  await page.mouse.move(corner.x + 131, corner.y + 126);
  await page.mouse.down();
  await page.mouse.move(corner.x + 300, corner.y + 300, { steps: 4 });
  await page.mouse.move(corner.x + 380, corner.y + 388, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByLabel('Frame width')).toHaveValue('256');
  await expect(studio.price).toHaveText(/^Generate · /);

  const read = (): Promise<Buffer> => studio.pixels(corner.x - box.x, corner.y - box.y, 512, 512);
  const outside = (pixels: Buffer): Buffer => {
    const copy = Buffer.from(pixels);
    for (let y = 126; y < 386; y++) copy.fill(0, (y * 512 + 126) * 4, (y * 512 + 386) * 4);
    return copy;
  };
  const before = await read();
  await studio.prompt.fill('a red house by the sea');
  await studio.prompt.press('Enter');
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(studio.layers).toHaveCount(3);
  await expect(studio.strip).toBeHidden();
  const after = await read();
  expect(Buffer.compare(after, before)).not.toBe(0);
  expect(Buffer.compare(outside(after), outside(before))).toBe(0);
  await page.getByRole('button', { name: 'Auto', exact: true }).click();
  await expect(page.getByLabel('Frame width')).toHaveValue('512');
});

test('29: a picture that comes while the pen is down leaves the view alone and counts', async ({
  studio,
}) => {
  const { page } = studio;
  await quick(studio);
  await studio.prompt.fill('a cat');
  const middle = await studio.middle();
  // The queue stands still until the pen is down, however quick this machine is.
  const bridge = await studio.process.connect();
  await bridge.request('queue.pause', { paused: true });
  await studio.prompt.press('Enter');
  await expect.poll(async () => (await bridge.request('queue.list', {})).jobs[0]?.state).toBe('waiting');
  await studio.pen(line(middle, 20), false);
  await bridge.request('queue.pause', { paused: false });
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  await expect(page.getByText('● 1 new')).toBeVisible();
  await expect(page.getByText('Preview: not in the picture yet')).toBeHidden();
  await studio.penUp({ x: middle.x + 20, y: middle.y });
  await expect(page.getByText('Preview: not in the picture yet')).toBeHidden();
});

test('2 of principles: pictures that were made are there after the tab is reloaded in mid-run', async ({
  studio,
}) => {
  const { page } = studio;
  await quick(studio, 3);
  await page.getByLabel('Steps, exact').fill('20');
  await page.getByLabel('Steps, exact').press('Enter');
  await studio.prompt.fill('a sailboat that nobody painted yet, oil painting');
  await studio.prompt.press('Enter');
  // In mid-run once all three are asked for, and the page has noted where they belong.
  const bridge = await studio.process.connect();
  await expect
    .poll(async () => {
      const notes = (await bridge.request('settings.read', {}))['generation.staging'];
      return Array.isArray(notes) ? notes.length : 0;
    })
    .toBe(3);
  await page.reload();
  await studio.ready();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(3, { timeout: 90_000 });
  await expect(studio.prompt).toHaveValue('a sailboat that nobody painted yet, oil painting');
});

test('38: prompt, picture, accept and a stroke by keyboard alone', async ({ studio }) => {
  const { page } = studio;
  await page.keyboard.press('Control+p');
  await expect(studio.prompt).toBeFocused();
  await page.keyboard.type('a forest in snow');
  await page.keyboard.press('Enter');
  const results = studio.strip.getByRole('option', { name: /^Result/ });
  await expect(results).toHaveCount(1, { timeout: 60_000 });
  await page.keyboard.press('Shift+F6');
  await expect(studio.strip.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(studio.layers).toHaveCount(3);
  await page.keyboard.press('Shift+F6');
  while ((await studio.canvas.evaluate((element) => element === document.activeElement)) === false) {
    await page.keyboard.press('F6');
  }
  await page.keyboard.press('Space');
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F2');
  await expect(page.getByLabel('Layer name')).toBeFocused();
  await page.keyboard.type('Forest 2');
  await page.keyboard.press('Enter');
  await expect(studio.layers.first()).toHaveAccessibleName(/^Forest 2/);
  await expect(studio.canvas).toBeFocused();
  await page.keyboard.press('Control+Shift+s');
  const dialog = page.getByRole('dialog', { name: /Export/ });
  await expect(dialog).toBeVisible();
  while (
    !(await dialog.getByRole('button', { name: 'Export' }).evaluate((b) => b === document.activeElement))
  )
    await page.keyboard.press('Tab');
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(file.suggestedFilename()).toMatch(/\.png$/);
  await expect(dialog).toBeHidden();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('option', { name: 'Brush stroke' })).toHaveCount(1);
});
