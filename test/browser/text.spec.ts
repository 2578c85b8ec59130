import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';
import type { StudioPage } from './support/studio-page.ts';

/** Dark pixels in a square around the middle of the canvas, shifted by (x, y) CSS px. */
async function ink(studio: StudioPage, x = 0, y = 0, width = 300, height = 120): Promise<number> {
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const pixels = await studio.pixels(middle.x - box.x + x, middle.y - box.y + y, width, height);
  let dark = 0;
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i]! < 120 && pixels[i + 2]! < 160) dark++;
  return dark;
}

async function press(studio: StudioPage, x = 0, y = 0): Promise<void> {
  const middle = await studio.middle();
  await studio.pen([{ x: middle.x + x, y: middle.y + y, force: 0.5 }]);
}

test('text is typed on the canvas, seen at once, set, one step, taken up again, and there after a restart', async ({
  studio,
}, info) => {
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Text' });
  const words = panel.getByRole('textbox', { name: 'Words' });
  await studio.newDocument('Written', 1024, 1024);
  studio.watch('Written');
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await press(studio, 0, 60);
  // At once: the fonts are not there yet, and these letters are keys of tools.
  await page.keyboard.type('Hel');
  await expect(words).toBeFocused();
  await page.keyboard.type('lo');
  await expect(words).toHaveValue('Hello');
  await expect.poll(() => ink(studio)).toBeGreaterThan(500);
  const small = await ink(studio);
  await words.press('Enter');
  await words.pressSequentially('world');
  await expect.poll(() => ink(studio, 0, 70)).toBeGreaterThan(500);
  await panel.getByRole('textbox', { name: 'Spacing %' }).fill('40');
  await panel.getByRole('button', { name: 'Bold' }).click();
  await expect.poll(() => ink(studio)).toBeGreaterThan(small);
  await panel.getByRole('combobox', { name: 'Font' }).fill('No Such Font');
  await page.keyboard.press('Tab');
  await expect(panel.getByText('“No Such Font” is not on this machine; sans-serif stands in.')).toBeVisible();
  await panel.getByRole('combobox', { name: 'Font' }).fill('serif');
  await page.keyboard.press('Tab');
  await expect(panel.getByText('stands in')).toBeHidden();
  await page.screenshot({ path: info.outputPath('text.png') });
  const { violations } = await new AxeBuilder({ page }).include('.text-panel').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await words.press('Control+Enter');
  await expect(panel).toBeHidden();
  await expect(studio.layers).toHaveCount(3);
  await expect(studio.layers.first()).toHaveAccessibleName(/Hello world, text/);
  const written = await ink(studio, -40, 0, 400, 200);
  const stored = await studio.storedHash();

  // A brush does not spoil it, and says why.
  await studio.tap('b');
  await press(studio, 20, 40);
  await expect(page.getByText('"Hello world" is text')).toBeVisible();
  expect(await ink(studio, -40, 0, 400, 200)).toBe(written);

  await page.reload();
  await studio.ready();
  await page.keyboard.press('Control+1');
  expect(await studio.storedHash()).toBe(stored);
  await page.getByRole('button', { name: 'Edit text of Hello world' }).click();
  await expect(words).toHaveValue('Hello\nworld');
  await expect(panel.getByRole('textbox', { name: 'Spacing %' })).toHaveValue('40');
  // Nothing is drawn again before something changes.
  expect(await studio.storedHash()).toBe(stored);
  await words.fill('Changed');
  await page.getByRole('region', { name: 'Tool options' }).getByRole('button', { name: 'Apply' }).click();
  await expect(studio.layers.first()).toHaveAccessibleName(/Changed, text/);
  await expect.poll(() => studio.storedHash()).not.toBe(stored);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect(studio.layers.first()).toHaveAccessibleName(/Hello world, text/);
  await expect.poll(() => studio.storedHash()).toBe(stored);
  await page.keyboard.press('Control+z');
  await expect(studio.layers).toHaveCount(2);
  expect(await ink(studio, -40, 0, 400, 200)).toBe(0);
});

test('text is dragged while it is written, pressed to be taken up, kept by Esc, and made pixels', async ({
  studio,
}) => {
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Text' });
  const words = panel.getByRole('textbox', { name: 'Words' });
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await press(studio, 0, 60);
  // Nothing written leaves nothing behind.
  await words.press('Escape');
  await expect(panel).toBeHidden();
  await expect(studio.layers).toHaveCount(2);
  await press(studio, 0, 60);
  await words.fill('Here');
  await expect.poll(() => ink(studio)).toBeGreaterThan(400);
  const middle = await studio.middle();
  await studio.pen(
    [0, 0.5, 1].map((t) => ({ x: middle.x + 30 - 200 * t, y: middle.y + 40 - 200 * t, force: 0.5 })),
  );
  await expect.poll(() => ink(studio)).toBe(0);
  await expect.poll(() => ink(studio, -200, -200)).toBeGreaterThan(400);
  await words.press('Escape');
  await expect(studio.layers).toHaveCount(3);
  // Other work may come between, and then it is a step by itself.
  await press(studio, -170, -160);
  await expect(words).toHaveValue('Here');
  await words.fill('There');
  await page.getByRole('button', { name: 'New layer' }).click();
  await expect(panel).toBeHidden();
  await expect(studio.layers).toHaveCount(4);
  await expect(studio.layers.nth(1)).toHaveAccessibleName(/There, text/);
  // The move tool keeps it text; then it is made pixels and painted on.
  await studio.layers.nth(1).click();
  await studio.tap('v');
  await studio.pen([0, 1].map((t) => ({ x: middle.x, y: middle.y + 100 * t, force: 0.5 })));
  await expect(studio.layers.nth(1)).toHaveAccessibleName(/There, text/);
  await page.getByRole('button', { name: 'More for There' }).click();
  await page.getByRole('menuitem', { name: 'Make pixels of text' }).click();
  await expect(studio.layers.nth(1)).toHaveAccessibleName(/^There, visible/);
  await studio.canvas.focus();
  await studio.tap('b');
  await studio.pen([0, 1].map((t) => ({ x: middle.x + 100 * t, y: middle.y + 250, force: 0.9 })));
  await expect.poll(() => ink(studio, 0, 230, 100, 40)).toBeGreaterThan(100);
});

test('chosen letters look otherwise: colour, size, weight, and their paragraph’s side; kept, undone, taken up again', async ({
  studio,
}, info) => {
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Text' });
  const words = panel.getByRole('textbox', { name: 'Words' });
  const colours = async (): Promise<{ red: number; dark: number }> => {
    const middle = await studio.middle();
    const box = (await studio.canvas.boundingBox())!;
    const pixels = await studio.pixels(middle.x - box.x - 250, middle.y - box.y - 150, 500, 300);
    let red = 0;
    let dark = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i]! > 200 && pixels[i + 1]! < 80 && pixels[i + 2]! < 80) red++;
      if (pixels[i]! < 120 && pixels[i + 2]! < 160) dark++;
    }
    return { red, dark };
  };
  await studio.newDocument('Styles', 1024, 1024);
  studio.watch('Styles');
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await press(studio, -150, 0);
  await words.fill('one two');
  await expect.poll(async () => (await colours()).dark).toBeGreaterThan(300);
  const before = await colours();
  for (let i = 0; i < 3; i++) await words.press('Shift+ArrowLeft');
  await expect(panel.getByText('Sets “two”')).toBeVisible();
  await panel.getByLabel('Colour of the text').fill('#ff0000');
  await expect.poll(async () => (await colours()).red).toBeGreaterThan(100);
  const small = (await colours()).red;
  await panel.getByRole('textbox', { name: 'Size' }).fill('110');
  await page.keyboard.press('Tab');
  await expect.poll(async () => (await colours()).red).toBeGreaterThan(2 * small);
  expect((await colours()).dark).toBeLessThan(before.dark);
  expect((await colours()).dark).toBeGreaterThan(before.dark / 4);
  await panel.getByRole('button', { name: 'Bold' }).click();
  await page.screenshot({ path: info.outputPath('styles.png') });
  const { violations } = await new AxeBuilder({ page }).include('.text-panel').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  // What is written after the last letter looks as it does.
  await words.focus();
  await words.press('End');
  await words.press('Enter');
  await words.pressSequentially('m');
  await expect(panel.getByRole('textbox', { name: 'Size' })).toHaveValue('64');
  await words.press('Shift+ArrowLeft');
  await expect(panel.getByRole('textbox', { name: 'Size' })).toHaveValue('110');
  await expect(panel.getByRole('button', { name: 'Bold' })).toHaveAttribute('aria-pressed', 'true');
  await panel.getByRole('button', { name: 'Align right' }).click();
  await panel.getByRole('button', { name: 'All letters' }).click();
  await expect(panel.getByRole('textbox', { name: 'Size' })).toHaveValue('64');
  await expect(panel.getByRole('button', { name: 'Align left' })).toHaveAttribute('aria-pressed', 'true');
  await words.press('Control+Enter');
  const stored = await studio.storedHash();
  await page.reload();
  await studio.ready();
  expect(await studio.storedHash()).toBe(stored);
  await page.getByRole('button', { name: 'Edit text of one two m' }).click();
  await words.press('End');
  await words.press('Shift+ArrowLeft');
  await expect(panel.getByRole('textbox', { name: 'Size' })).toHaveValue('110');
  await words.press('Control+a');
  await panel.getByRole('textbox', { name: 'Size' }).fill('30');
  await page.keyboard.press('Tab');
  await words.press('Control+Enter');
  await expect.poll(() => studio.storedHash()).not.toBe(stored);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => studio.storedHash()).toBe(stored);
});
