import type { Locator, Page } from '@playwright/test';
import { DEUTERANOPIA, GREYSCALE, seenAs, tellingPixels } from './support/seen-as.ts';
import type { StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

/** Fewest pixels that tell two states apart: a bar of 12 × 1, a small tick. */
const FEWEST = 12;

/** A place of the screen in its first state; {@link Place.became} looks again. */
interface Place {
  /** Expects that the place is told apart from what it was, without hue. */
  became(state: string): Promise<void>;
}

async function watch(page: Page, name: string, locator: Locator): Promise<Place> {
  const box = (await locator.boundingBox())!;
  // With what surrounds it: rings and marks may lie outside.
  const clip = { x: box.x - 3, y: box.y - 3, width: box.width + 6, height: box.height + 6 };
  const look = async (): Promise<Buffer> => {
    await page.mouse.move(500, 300);
    return page.screenshot({ clip, animations: 'disabled' });
  };
  const before = await look();
  return {
    async became(state) {
      for (const [eye, matrix] of [
        ['greyscale', GREYSCALE],
        ['deuteranopia', DEUTERANOPIA],
      ] as const) {
        const told = async (): Promise<number> =>
          tellingPixels(await seenAs(before, matrix), await seenAs(await look(), matrix));
        await expect.poll(told, { message: `${name}, ${state}, ${eye}` }).toBeGreaterThanOrEqual(FEWEST);
      }
    },
  };
}

async function theme({ page }: StudioPage, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a command').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
}

for (const name of ['Dark theme', 'Light theme']) {
  test(`39: while painting, states are told apart without hue in the ${name.toLowerCase()}`, async ({
    studio,
  }) => {
    const { page } = studio;
    await theme(studio, name);
    const button = (label: string) => page.getByRole('button', { name: label, exact: true });

    const brush = await watch(page, 'the tool Brush', button('Brush'));
    const eraser = await watch(page, 'the tool Eraser', button('Eraser'));
    await button('Eraser').click();
    await brush.became('put down');
    await eraser.became('taken up');
    await button('Brush').click();

    const generate = await watch(page, 'the preset Generate', page.getByRole('radio', { name: 'Generate' }));
    await page.getByRole('radio', { name: 'Generate' }).click();
    await generate.became('chosen');
    await page.getByRole('radio', { name: 'Paint' }).click();

    const tab = await watch(page, 'the tab Layers', page.getByRole('tab', { name: 'Layers' }));
    await page.getByRole('tab', { name: 'History' }).click();
    await tab.became('behind another');
    await page.getByRole('tab', { name: 'Layers' }).click();

    const notChosen = page.locator('.brush-row[aria-selected="false"] .name').nth(1);
    const option = page.getByRole('option', { name: await notChosen.innerText(), exact: true });
    const row = await watch(page, 'a brush', option);
    await option.click();
    await row.became('chosen');

    const sheet = page.getByRole('row', { name: /^Sheet/ });
    const other = page.getByRole('row', { name: /^Layer 1/ });
    await other.click();
    const active = await watch(page, 'a layer', sheet);
    await sheet.click();
    await active.became('active');
    for (const [what, label, then] of [
      ['the eye', 'Hide Sheet', 'Show Sheet'],
      ['the lock', 'Unlock Sheet', 'Lock Sheet'],
    ] as const) {
      const mark = await watch(page, what, button(label));
      await button(label).click();
      await expect(button(then)).toBeVisible();
      await mark.became('changed');
      await button(then).click();
    }

    await other.click();
    const middle = await studio.middle();
    await studio.pen([middle, { x: middle.x + 40, y: middle.y }]);
    await studio.saved();
    await page.getByRole('tab', { name: 'History' }).click();
    const stroke = page.getByRole('option', { name: 'Brush stroke' }).last();
    await expect(stroke).toHaveAttribute('aria-selected', 'true');
    const step = await watch(page, 'a step of the history', stroke);
    await page.keyboard.press('Control+z');
    await expect(stroke).toHaveAttribute('aria-selected', 'false');
    await step.became('undone');
  });
}

test('39: pictures, steps and jobs are told apart without hue', async ({ studio }) => {
  const { page } = studio;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('radio', { name: 'Generate' }).click();
  for (const [label, value] of [
    ['Steps, exact', '6'],
    ['Pictures, exact', '2'],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByLabel(label, { exact: true }).press('Enter');
  }
  const queue = page.getByRole('region', { name: 'Queue' });
  await studio.generate('a red house by the sea');
  const results = studio.strip.getByRole('option', { name: /^Result/ });
  await expect(results).toHaveCount(2, { timeout: 45_000 });

  await results.first().click();
  const picture = await watch(page, 'a picture of the strip', results.last());
  await results.last().click();
  await picture.became('chosen');

  // A kept step beside one that must be made, at one height.
  const ticks = page.locator('.tick');
  await expect(page.locator('.tick[data-kept="true"]').first()).toBeVisible();
  const kept = page.locator('.tick[data-kept="true"]:not([data-chosen="true"])').first();
  const tick = await watch(page, 'a kept step', kept);
  await kept.evaluate((element) => element.setAttribute('data-kept', 'false'));
  await tick.became('that must be made');
  expect(await ticks.count()).toBe(6);

  // States of jobs are a sign and a word each.
  const signs = await queue.getByRole('row').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
  expect(signs.filter((sign) => /^✓.*done/.test(sign)).length).toBeGreaterThan(0);
  for (const sign of signs)
    expect(sign).toMatch(/^(✓.*done|■.*cancelled|✕.*\w|‖.*(held|gave way)|○.*waits|▶.*step)/);
});
