import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { imageMagick } from '../unit/main/documents/exchange/image-magick.ts';
import { expect, test } from './support/test.ts';
import type { StudioPage } from './support/studio-page.ts';

const WIDTH = 700;
const HEIGHT = 240;

/** How dark each pixel is, 0..255, in a rectangle around the middle of the canvas. */
async function darkness(studio: StudioPage, width = WIDTH, height = HEIGHT): Promise<Buffer> {
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const pixels = await studio.pixels(
    middle.x - box.x - width / 2,
    middle.y - box.y - height / 2,
    width,
    height,
  );
  return Buffer.from(Array.from({ length: width * height }, (_, i) => 255 - pixels[i * 4]!));
}

interface Trimmed {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => number;
}

/** What is dark, without the light around it. */
function trimmed(values: Uint8Array, width: number): Trimmed {
  const dark = Array.from(values, (value, i) => (value > 40 ? i : -1)).filter((i) => i >= 0);
  const xs = dark.map((i) => i % width);
  const ys = dark.map((i) => Math.floor(i / width));
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return {
    width: Math.max(...xs) - left + 1,
    height: Math.max(...ys) - top + 1,
    at: (x, y) => values[(top + y) * width + left + x] ?? 0,
  };
}

const lines = async (studio: StudioPage): Promise<number> => {
  const values = await darkness(studio, 600, 560);
  let rows = 0;
  let inked = false;
  for (let y = 0; y < 560; y++) {
    const now = values.subarray(y * 600, (y + 1) * 600).some((value) => value > 100);
    if (now && !inked) rows++;
    inked = now;
  }
  return rows;
};

const panelOf = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('region', { name: 'Text' });

/** Writes text left of the middle of an empty sheet. */
async function write(studio: StudioPage, words: string, font: string, size: number): Promise<void> {
  const { page } = studio;
  const panel = panelOf(page);
  await studio.canvas.focus();
  await page.keyboard.press('Control+1');
  await expect(studio.canvas).toHaveAccessibleName(/, 100%,/);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const middle = await studio.middle();
  await studio.pen([{ x: middle.x - 320, y: middle.y + 60 }]);
  await panel.getByRole('textbox', { name: 'Size' }).fill(String(size));
  await panel.getByRole('combobox', { name: 'Font' }).fill(font);
  await page.keyboard.press('Tab');
  await panel.getByRole('textbox', { name: 'Words' }).fill(words);
  await panel.getByRole('textbox', { name: 'Words' }).press('Control+Enter');
  await expect(panel).toBeHidden();
  await page.getByRole('button', { name: 'Brush', exact: true }).click();
  await page.mouse.move(5, 5);
}

test('a drag draws a box in which text wraps; it is aligned, resized, taken away, and there again after a restart', async ({
  studio,
}, info) => {
  const { page } = studio;
  const panel = panelOf(page);
  const words = panel.getByRole('textbox', { name: 'Words' });
  await studio.newDocument('Boxed', 1024, 1024);
  studio.watch('Boxed');
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const middle = await studio.middle();
  const from = { x: middle.x - 200, y: middle.y - 200 };
  await studio.pen([from, { x: middle.x, y: middle.y }, { x: middle.x + 100, y: middle.y + 50 }]);
  await expect(words).toBeFocused();
  await expect(panel.getByRole('textbox', { name: 'Box width' })).toHaveValue('300');
  await expect(panel.getByRole('textbox', { name: 'Box height' })).toHaveValue('250');
  await panel.getByRole('textbox', { name: 'Size' }).fill('40');
  await words.fill('The quick brown fox jumps over the lazy dog');
  await expect.poll(() => lines(studio)).toBe(4);
  await panel.getByRole('button', { name: 'Justify' }).click();
  await page.screenshot({ path: info.outputPath('box.png') });
  const { violations } = await new AxeBuilder({ page }).include('.text-panel').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  // The right edge of the box is dragged to half its width.
  await studio.pen([
    { x: middle.x + 100, y: middle.y - 75 },
    { x: middle.x + 50, y: middle.y - 75 },
    { x: middle.x, y: middle.y - 75 },
  ]);
  await expect(panel.getByRole('textbox', { name: 'Box width' })).toHaveValue('200');
  await expect.poll(() => lines(studio)).toBeGreaterThan(4);
  const narrow = await lines(studio);
  await words.press('Control+Enter');
  await expect(panel).toBeHidden();
  const stored = await studio.storedHash();
  await page.reload();
  await studio.ready();
  await page.keyboard.press('Control+1');
  expect(await studio.storedHash()).toBe(stored);
  await page.getByRole('button', { name: /^Edit text of The quick/ }).click();
  await expect(panel.getByRole('textbox', { name: 'Box width' })).toHaveValue('200');
  await expect(panel.getByRole('button', { name: 'Justify' })).toHaveAttribute('aria-pressed', 'true');
  // Nothing is drawn again before something changes; undone, it is as it was.
  expect(await studio.storedHash()).toBe(stored);
  await panel.getByRole('button', { name: 'Wrap in a box' }).click();
  await expect.poll(() => lines(studio)).toBe(1);
  await words.press('Control+Enter');
  await expect.poll(() => studio.storedHash()).not.toBe(stored);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => studio.storedHash()).toBe(stored);
  expect(await lines(studio)).toBe(narrow);
});

test('text and boxes come to rest on guides and edges, and Ctrl suspends it', async ({ studio }) => {
  const { page } = studio;
  const panel = panelOf(page);
  await studio.newDocument('Snapped', 600, 400);
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const middle = await studio.middle();
  // Six pixels inside the canvas' corners: the box is the canvas.
  await studio.pen([
    { x: middle.x - 294, y: middle.y - 195 },
    { x: middle.x, y: middle.y },
    { x: middle.x + 295, y: middle.y + 194 },
  ]);
  await expect(panel.getByRole('textbox', { name: 'Box width' })).toHaveValue('600');
  await expect(panel.getByRole('textbox', { name: 'Box height' })).toHaveValue('400');
});

const magick = imageMagick('freetype');

test('text in each bundled font has its letters, as FreeType draws them', async ({ studio }) => {
  test.skip(!magick, 'needs ImageMagick with FreeType as the other program');
  const { page } = studio;
  const fonts = {
    Inter: 'inter',
    'Source Serif 4': 'source-serif-4',
    'JetBrains Mono': 'jetbrains-mono',
    Caveat: 'caveat',
    'Comic Neue': 'comic-neue',
    'Bebas Neue': 'bebas-neue',
  };
  await write(studio, 'R', 'Inter', 200);
  for (const [family, name] of Object.entries(fonts)) {
    await page.getByRole('button', { name: /^Edit text of R$/ }).click();
    const field = panelOf(page).getByRole('combobox', { name: 'Font' });
    if (family === 'Inter') {
      // They come first in the list.
      await field.fill('');
      const options = page.getByRole('option');
      for (const [i, each] of Object.keys(fonts).entries()) await expect(options.nth(i)).toHaveText(each);
      await page.keyboard.press('Escape');
    }
    await field.fill(family);
    await page.keyboard.press('Tab');
    await expect(panelOf(page).getByText('stands in')).toBeHidden();
    await panelOf(page).getByRole('textbox', { name: 'Words' }).press('Control+Enter');
    await expect(panelOf(page)).toBeHidden();
    await page.getByRole('button', { name: 'Brush', exact: true }).click();
    await page.mouse.move(5, 5);
    const ours = trimmed(await darkness(studio), WIDTH);
    const path = `node_modules/@fontsource/${name}/files/${name}-latin-400-normal.woff`;
    const sheet = ['-size', `${WIDTH}x${HEIGHT}`, 'xc:black', '-fill', 'white'];
    const letters = ['-font', path, '-pointsize', '200', '-annotate', '+40+180', 'R'];
    const drawn = execFileSync(magick ?? '', [...sheet, ...letters, '-depth', '8', 'gray:-']);
    const theirs = trimmed(drawn, WIDTH);
    expect(Math.abs(ours.width - theirs.width), family).toBeLessThanOrEqual(3);
    expect(Math.abs(ours.height - theirs.height), family).toBeLessThanOrEqual(3);
    // One letter: the other program knows nothing of kerning. Hinting moves its edges by a pixel at most.
    let both = 0;
    let either = 0;
    for (let y = 0; y < theirs.height; y++)
      for (let x = 0; x < theirs.width; x++) {
        const a = ours.at(x, y) > 127;
        const b = theirs.at(x, y) > 127;
        if (a && b) both++;
        if (a || b) either++;
      }
    expect(both / either, family).toBeGreaterThan(0.93);
  }
});
