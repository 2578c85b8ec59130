import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { writeFittingLora } from '../fixtures/made-up-lora.ts';
import { openReference, referenceFolder } from '../fixtures/reference-case.ts';
import type { Raster, ResultSummary } from '../../preload/contract/index.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

/** Fills a block of 160 × 100 px with strokes of the brush. */
async function block(studio: StudioPage, { x, y }: Reading): Promise<void> {
  for (let row = 0; row < 6; row++) {
    await studio.pen(Array.from({ length: 21 }, (_, i) => ({ x: x + i * 8, y: y + row * 16, force: 1 })));
  }
}

async function accessible(studio: StudioPage, part = 'body'): Promise<void> {
  await studio.page.mouse.move(4, 4);
  const { violations } = await new AxeBuilder({ page: studio.page }).include(part).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function fewSteps(studio: StudioPage): Promise<void> {
  await studio.page.getByLabel('Steps, exact').fill('2');
  await studio.page.getByLabel('Steps, exact').press('Enter');
}

test('a group with words has a line, teaches where to paint, and reaches the recipe', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('Groups', 512, 512);
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await fewSteps(studio);
  await page.keyboard.press('Control+1');
  await studio.canvas.focus();
  await page.keyboard.press('Control+g');
  await page.getByRole('button', { name: 'Give Group 1 words' }).click();
  const line = page.getByLabel('Words for Group 1');
  await expect(line).toHaveAttribute('placeholder', /^Paint where Group 1 goes/);
  await expect(page.getByText('no paint yet')).toBeVisible();
  await page.getByRole('row', { name: /^Layer 1/ }).click();
  await block(studio, await studio.middle());
  await expect(page.getByText('no paint yet')).toBeHidden();
  await line.fill('a red house');
  await studio.prompt.fill('the sea');
  await accessible(studio);
  await studio.price.click();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  const bridge = await studio.process.connect();
  const [made] = await bridge.request('generation.results', { limit: 1 });
  expect(made?.recipe.regions).toEqual([
    { prompt: 'a red house', mask: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);

  await page.getByRole('button', { name: 'Paint only Group 1' }).click();
  await expect(studio.price).toHaveText(/^Redo Group 1/);
  await page.getByRole('button', { name: 'Take the words off Group 1' }).first().click();
  await expect(line).toBeHidden();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(line).toHaveValue('a red house');
});

/** Mean absolute difference of the columns of two pictures from one share of their width to another. */
function difference(a: Raster, b: Raster, from: number, to: number): number {
  const [first, last] = [Math.round(from * a.width), Math.round(to * a.width)];
  let sum = 0;
  for (let y = 0; y < a.height; y++) {
    for (let i = (y * a.width + first) * 4; i < (y * a.width + last) * 4; i++)
      sum += Math.abs((a.rgba[i] ?? 0) - (b.rgba[i] ?? 0));
  }
  return sum / (4 * a.height * (last - first));
}

/** Opens the studio with an adapter in its library that changes the embedded model much, and makes pictures of one seed. */
async function withZebra(studio: StudioPage, document: string) {
  const { page } = studio;
  const folder = join(studio.process.folder, 'adapters');
  const embedded = resolve(import.meta.dirname, '../../native-models/embedded/model');
  await writeFittingLora(join(folder, 'zebra.safetensors'), embedded, { 'modelspec.title': 'Zebra' });
  const bridge = await studio.process.connect();
  await bridge.request('library.add-folder', { path: folder });
  await expect.poll(async () => (await bridge.request('library.files', {})).length).toBe(1);
  await page.reload();
  await studio.ready();
  await studio.newDocument(document, 256, 256);
  await page.getByRole('radio', { name: 'Generate' }).click();
  await expect(studio.price).toBeEnabled();
  await fewSteps(studio);
  await page.getByRole('button', { name: /press to keep this one/ }).click();
  await studio.prompt.fill('a red house by the sea');
  const make = async (): Promise<ResultSummary & { raster: Raster }> => {
    const results = studio.strip.getByRole('option', { name: /^Result/ });
    const before = await results.count();
    await studio.prompt.press('Enter');
    await expect(results).toHaveCount(before + 1, { timeout: 60_000 });
    const [latest] = await bridge.request('generation.results', { limit: 1 });
    const { raster } = await bridge.request('generation.result', { resultId: latest!.resultId });
    return { ...latest!, raster };
  };
  await page.getByRole('button', { name: 'Add an adapter' }).click();
  await page.getByRole('listbox', { name: 'Adapters of the library' }).getByRole('option').click();
  return { page, make, where: page.getByRole('button', { name: /Where Zebra acts/ }) };
}

test('an adapter bound to a group changes the picture where the group has paint', async ({ studio }) => {
  const { page, make, where } = await withZebra(studio, 'Bound');
  await expect(where).toBeHidden();
  await studio.canvas.focus();
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+g');
  await where.click();
  await page.getByRole('option', { name: 'Only in Group 1' }).click();
  await expect(page.getByText('Group 1 shows no paint: left out')).toBeVisible();
  await accessible(studio, '.adapter-shelf');
  const without = await make();
  expect(without.recipe.adapters).toEqual([]);

  await page.getByRole('row', { name: /^Layer 1/ }).click();
  const { x, y } = await studio.middle();
  await page.getByLabel('Size, exact').fill('140');
  await page.getByLabel('Size, exact').press('Enter');
  const down = [-150, -75, 0, 75, 150];
  await studio.pen(down.map((dy) => ({ x: x - 75, y: y + dy, force: 1 })));
  await expect(page.getByText('Group 1 shows no paint: left out')).toBeHidden();
  const bound = await make();
  expect(bound.recipe.adapters).toEqual([
    expect.objectContaining({ name: 'zebra', strength: 1, region: expect.stringMatching(/^[0-9a-f]{64}$/) }),
  ]);
  // Its own change stays within the group; what attends across the border follows a little.
  const [inside, outside] = [
    difference(without.raster, bound.raster, 0, 0.4),
    difference(without.raster, bound.raster, 0.6, 1),
  ];
  expect(inside).toBeGreaterThan(2 * outside);
  await where.click();
  await page.getByRole('option', { name: 'Acts everywhere' }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(where).toContainText('Only in Group 1');
});

test('an adapter dragged onto a group acts there only; its picture brings that back, is kept, and so does undo', async ({
  studio,
}) => {
  const { page, make, where } = await withZebra(studio, 'Dragged');
  await studio.canvas.focus();
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+g');
  const grip = page.getByTestId('adapter-grip');
  await expect(grip).toHaveAttribute('title', /^Drag Zebra onto a group/);
  await grip.dragTo(page.getByRole('row', { name: /^Group 1/ }));
  await expect(where).toContainText('Only in Group 1');
  await page.screenshot({ path: test.info().outputPath('bound.png') });
  await page.getByRole('row', { name: /^Layer 1/ }).click();
  const { x, y } = await studio.middle();
  await page.getByLabel('Size, exact').fill('140');
  await page.getByLabel('Size, exact').press('Enter');
  const down = [-150, -75, 0, 75, 150];
  await studio.pen(down.map((dy) => ({ x: x - 75, y: y + dy, force: 1 })));
  await expect(page.getByText('Group 1 shows no paint: left out')).toBeHidden();
  const bound = await make();
  expect(bound.recipe.adapters[0]?.region).toMatch(/^[0-9a-f]{64}$/);

  await where.click();
  await page.getByRole('option', { name: 'Acts everywhere' }).click();
  await page.getByRole('button', { name: 'Take Zebra off' }).click();
  await expect(where).toBeHidden();
  await studio.strip
    .getByRole('option', { name: /^Result/ })
    .last()
    .click();
  await page.getByRole('tab', { name: 'Variations' }).click();
  await page.getByRole('button', { name: 'Redo with…' }).click();
  await page.getByRole('tab', { name: 'Generate' }).click();
  await expect(where).toContainText('Only in Group 1');
  const again = await make();
  expect(again.recipe.adapters).toEqual(bound.recipe.adapters);
  expect(difference(bound.raster, again.raster, 0, 1)).toBe(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(where).toContainText('Acts everywhere');
});

test('a fresh studio follows a sketch; guides without a network name the file that would enable them', async ({
  studio,
}) => {
  const { page } = studio;
  await page.getByRole('radio', { name: 'Generate' }).click();
  await fewSteps(studio);
  await page.getByRole('row', { name: /^Layer 1/ }).click();
  await block(studio, await studio.middle());
  await page.getByRole('button', { name: 'Use layer as guide' }).click();
  const edges = page.getByRole('menuitem', { name: /^Edges/ });
  await expect(edges).toHaveAttribute('aria-disabled', 'true');
  await expect(edges).toContainText('Needs a ControlNet for Embedded painter with "canny" in its name');
  await page.getByRole('menuitem', { name: /^Sketch.*ships with Impasto/ }).click();
  await studio.prompt.fill('a red house');
  await expect(studio.price).toHaveText(/1 guide/);
  await studio.price.click();
  await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
  const bridge = await studio.process.connect();
  const [made] = await bridge.request('generation.results', { limit: 1 });
  expect(made?.recipe.controls).toMatchObject([{ name: 'scribble', prepare: 'lines', strength: 1 }]);
});

test('a layer guides the picture and shows neither in it nor in its export', async ({ studio }) => {
  test.skip(referenceFolder === undefined, 'needs ../shared/reference');
  const { page } = studio;
  const reference = await openReference('sd15-tiny', 'diffusers', 'F16');
  const folder = mkdtempSync(join(tmpdir(), 'impasto-guides-'));
  cpSync(reference.path, join(folder, 'tiny'), { recursive: true });
  cpSync(join(reference.path, 'controlnet'), join(folder, 'control_canny'), { recursive: true });
  rmSync(join(folder, 'tiny', 'controlnet'), { recursive: true });
  const bridge = await studio.process.connect();
  try {
    await bridge.request('library.add-folder', { path: folder });
    await expect
      .poll(
        async () =>
          (await bridge.request('library.files', {}))
            .map(({ kind }) => String(kind))
            .toSorted((a, b) => a.localeCompare(b)),
        {
          timeout: 60_000,
        },
      )
      .toEqual(['checkpoint', 'controlnet']);
    await page.reload();
    await studio.ready();
    await page.getByRole('radio', { name: 'Generate' }).click();
    await page
      .getByRole('button', { name: /Model$/ })
      .first()
      .click();
    await page.getByRole('option', { name: /tiny/ }).click();
    await fewSteps(studio);
    const blank = await studio.storedHash();
    await page.getByRole('row', { name: /^Layer 1/ }).click();
    await block(studio, await studio.middle());
    await page.getByRole('button', { name: 'Use layer as guide' }).click();
    await page.getByRole('menuitem', { name: /^Edges/ }).click();
    await expect(page.getByRole('list', { name: 'Layers that guide' }).getByRole('listitem')).toHaveCount(1);
    await expect(studio.price).toHaveText(/^Generate, 1 guide/);
    expect(await studio.storedHash()).toBe(blank);

    await page.getByRole('button', { name: 'See what the model sees of Layer 1' }).click();
    const { x, y } = await studio.middle();
    const box = (await studio.canvas.boundingBox())!;
    await expect
      .poll(async () => [...(await studio.pixels(x - box.x - 60, y - box.y - 60, 1, 1)).subarray(0, 3)])
      .toEqual([0, 0, 0]);
    await page.getByRole('button', { name: 'Stop showing what the model sees of Layer 1' }).click();
    await page.getByRole('slider', { name: 'Steps of Layer 1, to' }).focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft');
    await accessible(studio);
    await studio.prompt.fill('a house');
    await studio.price.click();
    await expect(studio.strip.getByRole('option', { name: /^Result/ })).toHaveCount(1, { timeout: 60_000 });
    const [made] = await bridge.request('generation.results', { limit: 1 });
    expect(made?.recipe.controls).toMatchObject([{ prepare: 'canny', strength: 1, start: 0, end: 0.6 }]);
  } finally {
    await bridge.request('library.remove-folder', { path: folder });
    rmSync(folder, { recursive: true });
    reference.dispose();
  }
});
