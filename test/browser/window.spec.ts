import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { slowness } from './support/slowness.ts';
import { expect, test } from './support/test.ts';

/** Canvas sizes of the interaction brief's table. */
const SIZES = [
  { preset: 'Paint', width: 1280, height: 800, canvas: [972, 640] },
  { preset: 'Generate', width: 1280, height: 800, canvas: [932, 600] },
  { preset: 'Paint', width: 1920, height: 1080, canvas: [1344, 920] },
  { preset: 'Generate', width: 1920, height: 1080, canvas: [1248, 880] },
  { preset: 'Paint', width: 2560, height: 1440, canvas: [1920, 1280] },
  { preset: 'Generate', width: 2560, height: 1440, canvas: [1560, 1240] },
  { preset: 'Paint', width: 960, height: 540, canvas: [872, 420] },
] as const;

/** Elements whose text is cut off although nothing says that it may be. */
async function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, label, span, h2, p, output, dt, dd')]
      .filter((element) => {
        if (element.closest('.ellipsis, .visually-hidden, .scroll') || !element.offsetParent) return false;
        if (element.childElementCount > 0 || element.innerText.trim() === '') return false;
        const box = element.getBoundingClientRect();
        // Words to start from that do not fit wrap out of sight whole.
        const hints = element.closest('.prompt-hints')?.getBoundingClientRect();
        if (hints && box.top >= hints.bottom) return false;
        const inside = box.left >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
        return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 ? true : !inside;
      })
      .map((element) => element.innerText),
  );
}

test('1, 2: canvas sizes match the table to the pixel, and the smallest window clips nothing', async ({
  studio,
}) => {
  const { page } = studio;
  for (const { preset, width, height, canvas } of SIZES) {
    await page.setViewportSize({ width, height });
    await page.getByRole('radio', { name: preset }).click();
    const box = await studio.canvas.boundingBox();
    expect([box?.width, box?.height], `${preset} ${width} × ${height}`).toEqual([...canvas]);
    expect(await clippedTexts(page), `${preset} ${width} × ${height}`).toEqual([]);
    await expect(page.getByText(/^Saved/)).toBeInViewport({ ratio: 1 });
    await expect(studio.price).toBeInViewport({ ratio: 1 });
    const price = await studio.price.boundingBox();
    const prompt = await studio.prompt.boundingBox();
    expect(price?.width).toBeGreaterThanOrEqual(148);
    expect(prompt?.width).toBeGreaterThanOrEqual(358);
  }
});

test('2: what a press does and costs is read whole in the smallest window', async ({ studio }) => {
  const { page } = studio;
  await page.setViewportSize({ width: 960, height: 540 });
  const middle = await studio.middle();
  await studio.pen([middle, { x: middle.x + 30, y: middle.y }]);
  await expect(studio.price).toHaveText(/^Generate over · .*\d/);
  const cut = await studio.price.evaluate((button) =>
    [...button.querySelectorAll<HTMLElement>('.ellipsis')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ innerText }) => innerText),
  );
  expect(cut).toEqual([]);
});

test('a fitted picture stays fitted when the window changes, and stays put once it was moved', async ({
  studio,
}) => {
  const { page } = studio;
  for (const [width, height, zoom] of [
    [1920, 1080, 85],
    [960, 540, 36],
    [1280, 800, 58],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(studio.canvas).toHaveAccessibleName(new RegExp(`, ${zoom}%,`));
  }
  await page.keyboard.press('Control+1');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect(studio.canvas).toHaveAccessibleName(/, 100%,/);
});

test('3: Tab hides the panels and the picture stays on the same pixels of the screen', async ({ studio }) => {
  const { page } = studio;
  const middle = await studio.middle();
  await studio.pen([middle, { x: middle.x + 30, y: middle.y + 10 }]);
  await page.mouse.move(4, 4);
  const clip = { x: 360, y: 220, width: 400, height: 300 };
  await studio.settleFrames();
  // The screen follows the page when it can.
  let before = await page.screenshot({ clip });
  await expect
    .poll(async () => {
      const last = before;
      before = await page.screenshot({ clip });
      return Buffer.compare(before, last);
    })
    .toBe(0);
  const same = async (): Promise<number> => Buffer.compare(before, await page.screenshot({ clip }));
  await page.keyboard.press('Tab');
  await expect(page.getByRole('toolbar', { name: 'Tools' })).toBeHidden();
  await expect.poll(same).toBe(0);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('toolbar', { name: 'Tools' })).toBeVisible();
  await expect.poll(same).toBe(0);
});

for (const theme of ['Dark theme', 'Light theme', 'Contrast theme']) {
  test(`38: axe finds nothing in the ${theme.toLowerCase()}`, async ({ studio }) => {
    const { page } = studio;
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a command').fill(theme);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
    for (const preset of ['Paint', 'Generate']) {
      await page.getByRole('radio', { name: preset }).click();
      await page.mouse.move(500, 300);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
      );
      expect(found, preset).toEqual([]);
    }
  });
}

/** What moves by itself now, in words. */
async function animations(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const moving = document.getAnimations().filter(({ playState }) => playState === 'running');
    return moving.map((animation) => {
      const { target, pseudoElement } = animation.effect as KeyframeEffect;
      const what = 'transitionProperty' in animation ? String(animation.transitionProperty) : animation.id;
      return `${what} of ${target?.outerHTML.slice(0, 100)} ${pseudoElement ?? ''}`;
    });
  });
}

test('40: with reduced motion nothing animates, and the pasteboard is the same in all themes', async ({
  studio,
}) => {
  const { page } = studio;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const colours = new Set<string>();
  for (const theme of ['Dark theme', 'Light theme', 'Contrast theme']) {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a command').fill(theme);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
    await studio.settleFrames();
    colours.add((await studio.pixels(2, 2, 1, 1)).toString('hex'));
    expect(await animations(page)).toEqual([]);
  }
  expect([...colours]).toEqual(['595959ff']);
  // The outline of a selection stands still.
  await studio.canvas.focus();
  await page.keyboard.press('Control+a');
  await page.mouse.move(4, 4);
  await studio.settleFrames();
  const before = await studio.pixels(0, 0, 960, 600);
  await page.waitForTimeout(400);
  expect(before.equals(await studio.pixels(0, 0, 960, 600))).toBe(true);
  // Otherwise it moves, and nothing else of the picture changes; it stands still while a pen is down.
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect.poll(async () => before.equals(await studio.pixels(0, 0, 960, 600))).toBe(false);
  await page.keyboard.press('Control+Shift+h');
  await studio.settleFrames();
  const bare = await studio.pixels(0, 0, 960, 600);
  await page.keyboard.press('Control+Shift+h');
  await page.waitForTimeout(600);
  const moved = await studio.pixels(0, 0, 960, 600);
  let differing = 0;
  for (let i = 0; i < bare.length; i += 4) if (bare[i] !== moved[i]) differing++;
  expect(differing).toBeLessThan(4 * 2 * 960);
  const middle = await studio.middle();
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 20, middle.y);
  await studio.settleFrames();
  const held = await studio.pixels(0, 0, 960, 600);
  await page.waitForTimeout(500);
  expect(held.equals(await studio.pixels(0, 0, 960, 600))).toBe(true);
  await page.mouse.up();
});

test('37: a first start is usable within 5 s of the page, with words to start from @alone', async ({
  page,
  freshProcess: process,
}) => {
  const started = Date.now();
  await page.goto(process.url);
  await expect(page.getByTestId('canvas')).toHaveAccessibleName(/layer Layer 1/);
  await expect(page.getByTestId('prompt')).toBeEditable();
  const opened = Date.now() - started;
  // The bar is for a machine that has a core to spare.
  expect(opened).toBeLessThan(5000 * slowness());
  await expect(page.getByTestId('prompt')).toBeFocused();
  const ways = page.getByTestId('first-run');
  for (const name of ['Paint', 'Open a file', 'Use my models'])
    await expect(ways.getByRole('button', { name: new RegExp(`^${name}`) })).toBeVisible();
  await expect(ways.locator('.chip')).toHaveCount(6);
  await ways.locator('.chip').last().click();
  await expect(page.getByTestId('prompt')).toBeFocused();
  await expect(page.getByTestId('prompt')).toHaveValue(await ways.locator('.chip').last().innerText());
  expect((await new AxeBuilder({ page }).include('[data-testid=first-run]').analyze()).violations).toEqual(
    [],
  );
  await page.setViewportSize({ width: 960, height: 540 });
  await expect.poll(() => clippedTexts(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('first-run.png') });
  await page.setViewportSize({ width: 1280, height: 800 });
  await ways.getByRole('button', { name: /^Use my models/ }).click();
  await expect(page.getByTestId('library')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(ways).toHaveCount(0);
  await page.getByTestId('prompt').fill('');
  await page.getByRole('radio', { name: 'Generate' }).click();
  const chips = page.locator('.prompt-notes .chip');
  await expect(chips.first()).toBeVisible();
  const words = await chips.first().innerText();
  await chips.first().click();
  await expect(page.getByTestId('prompt')).toHaveValue(words);
  // A picture within 15 s and three clicks of what was typed: Enter, and the one click of Accept.
  const asked = Date.now();
  await page.getByTestId('prompt').press('Enter');
  const strip = page.getByTestId('strip');
  await expect(strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  const painted = Date.now() - asked;
  expect(painted).toBeLessThan(15_000 * slowness());
  await strip.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('treegrid', { name: 'Layers' }).getByRole('row')).toHaveCount(3);
});

test('fingers have tools of at least 44 px, and those of a kind share a place where the rail is low', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a command').fill('for fingers');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  const rail = page.getByRole('toolbar', { name: 'Tools' });
  for (const [width, height, places] of [
    [960, 540, 9],
    [1280, 800, 9],
    [1920, 1080, 19],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(rail.getByRole('button')).toHaveCount(places);
    for (const tool of await rail.getByRole('button').all()) {
      const box = (await tool.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      expect(box.y + box.height).toBeLessThanOrEqual(height - 24);
    }
  }
  await page.setViewportSize({ width: 960, height: 540 });
  await rail.getByRole('button', { name: 'Select rectangle' }).click({ delay: 700 });
  await page.getByRole('menuitem', { name: 'Lasso' }).click();
  const lasso = rail.getByRole('button', { name: 'Lasso' });
  await expect(lasso).toHaveAttribute('aria-pressed', 'true');
  // What a long press opens, a press on the tool in hand does too.
  await lasso.click();
  await page.getByRole('menuitem', { name: 'Wand' }).click();
  await studio.tap('b');
  await rail.getByRole('button', { name: 'Wand' }).click();
  await expect(rail.getByRole('button', { name: 'Wand' })).toHaveAttribute('aria-pressed', 'true');
});
