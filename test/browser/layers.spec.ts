import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

/** A straight stroke of `length` px to the right. */
function line({ x, y }: Reading, length: number): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force: 1 }));
}

/** The middle pixel of the picture as it is shown. */
async function colourAt(studio: StudioPage, { x, y }: Reading): Promise<number[]> {
  const box = (await studio.canvas.boundingBox())!;
  return [...(await studio.pixels(x - box.x, y - box.y, 1, 1))].slice(0, 3);
}

/** Does something from the menu that adds effect layers. */
async function addEffect(studio: StudioPage, name: string): Promise<void> {
  await studio.page.getByRole('button', { name: 'New adjustment or fill layer' }).click();
  await studio.page.getByRole('menuitem', { name, exact: true }).click();
}

async function check(studio: StudioPage, region: string): Promise<void> {
  const axe = await new AxeBuilder({ page: studio.page }).include(region).analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test('17: a mask that is painted on wears a ring, the canvas says so, and only the mask changes', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  await studio.pen(line(middle, 200));
  const place = { x: middle.x + 100, y: middle.y };
  const painted = await colourAt(studio, place);
  expect(painted).not.toEqual([255, 255, 255]);

  const row = studio.layers.filter({ hasText: 'Layer 1' });
  await row.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Add mask' }).click();
  const mask = row.getByRole('button', { name: 'Paint the mask of Layer 1' });
  await expect(mask).toHaveAttribute('aria-pressed', 'true');
  await expect(mask).toHaveCSS('box-shadow', /2px/);
  await expect(page.getByText('Painting the mask')).toBeVisible();

  // Black hides. Letters in the list of layers look for names.
  await studio.canvas.focus();
  await studio.tap('d');
  await studio.pen(line(middle, 200));
  expect(await colourAt(studio, place)).toEqual([255, 255, 255]);
  await check(studio, '[data-testid="layers"]');

  await row.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Disable mask' }).click();
  // The pixels under the mask are as they were.
  expect(await colourAt(studio, place)).toEqual(painted);
  await row.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Delete mask' }).click();
  await expect(page.getByText('Painting the mask')).toHaveCount(0);
  for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z');
  expect(await colourAt(studio, place)).toEqual(painted);
});

test('an adjustment layer is edited live: levels by number, curves by keyboard, each one step of history', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  await addEffect(studio, 'Invert');
  expect(await colourAt(studio, middle)).toEqual([0, 0, 0]);
  await page.keyboard.press('Control+z');
  expect(await colourAt(studio, middle)).toEqual([255, 255, 255]);

  await addEffect(studio, 'Levels');
  const editor = page.getByRole('region', { name: /Settings of Levels/ });
  await editor.getByLabel('Output white, exact').fill('128');
  await editor.getByLabel('Output white, exact').press('Enter');
  expect(await colourAt(studio, middle)).toEqual([128, 128, 128]);
  await check(studio, '.effect-editor');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.click();
  expect(await colourAt(studio, middle)).toEqual([255, 255, 255]);
  await undo.click();
  await expect(editor).toHaveCount(0);

  await addEffect(studio, 'Curves');
  const curves = page.getByRole('region', { name: /Settings of Curves/ });
  const white = curves.getByRole('button', { name: 'Point 2 of 2, input 255, output 255' });
  await white.focus();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(curves.getByRole('button', { name: 'Point 2 of 2, input 255, output 245' })).toBeVisible();
  expect(await colourAt(studio, middle)).toEqual([245, 245, 245]);
  await curves.getByRole('button', { name: 'Add point' }).click();
  await curves.getByRole('textbox', { name: 'Output' }).fill('40');
  await curves.getByRole('textbox', { name: 'Output' }).blur();
  await expect(curves.getByRole('button', { name: 'Point 2 of 3, input 128, output 40' })).toBeVisible();
  await check(studio, '.effect-editor');
  await page.keyboard.press('Escape');
});

test('with something selected a fill layer covers only that; a gradient is set by its stops', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  await studio.tap('m');
  await page.mouse.move(middle.x - 50, middle.y - 50);
  await page.mouse.down();
  await page.mouse.move(middle.x + 50, middle.y + 50, { steps: 4 });
  await page.mouse.up();
  await addEffect(studio, 'Colour');
  await page.keyboard.press('Control+d');
  expect(await colourAt(studio, middle)).not.toEqual([255, 255, 255]);
  expect(await colourAt(studio, { x: middle.x + 80, y: middle.y })).toEqual([255, 255, 255]);
  await addEffect(studio, 'Gradient');
  const editor = page.getByRole('region', { name: /Settings of Gradient fill/ });
  await editor.getByRole('button', { name: 'Add stop' }).click();
  await expect(editor.getByRole('group', { name: 'Stop 3' })).toBeVisible();
  await check(studio, '.effect-editor');
  expect(await colourAt(studio, { x: middle.x + 80, y: middle.y })).not.toEqual([255, 255, 255]);
});

test('a document of 16 bits in Display P3 is made, painted on and converted, and undo leads back', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Alt+n');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Deep');
  await dialog.getByLabel('Width').fill('300');
  await dialog.getByLabel('Height').fill('300');
  await dialog.getByLabel('Height').blur();
  await dialog.getByLabel('Depth').click();
  await page.getByRole('option', { name: '16 bits/channel' }).click();
  await dialog.getByLabel('Colour space').click();
  await page.getByRole('option', { name: 'Display P3' }).click();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(studio.canvas).toHaveAccessibleName(/^Deep, 300 by 300/);
  studio.watch('Deep');
  const middle = await studio.middle();
  await studio.pen(line({ x: middle.x - 60, y: middle.y }, 120));
  const deep = await studio.storedHash();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('8 bits');
  await page.keyboard.press('Enter');
  await studio.saved();
  const bridge = await studio.process.connect();
  const [file] = (await bridge.request('documents.list', {})).filter(({ name }) => name === 'Deep');
  const state = await bridge.request('documents.open', { path: file!.path });
  expect([state.depth, state.colourSpace]).toEqual([8, 'display-p3']);
  await page.keyboard.press('Control+z');
  expect(await studio.storedHash()).toBe(deep);
});

test('layers are named one after the other by key, from the canvas', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('Named in turn', 64, 64);
  for (const name of ['First', 'שכבה שנייה', 'Third']) {
    await page.keyboard.press('Control+Shift+n');
    await page.keyboard.press('F2');
    await expect(page.getByLabel('Layer name')).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(studio.canvas).toHaveAccessibleName(new RegExp(`layer ${name}`));
    await expect(studio.layers.first()).toHaveAccessibleName(new RegExp(`^${name}`));
  }
});

test('several layers are chosen and dealt with together, labelled, found by name, and one is shown alone', async ({
  studio,
}, info) => {
  const { page } = studio;
  const row = (name: string) => studio.layers.filter({ has: page.getByText(name, { exact: true }) });
  const names = (): Promise<string[]> =>
    studio.layers.evaluateAll((rows) =>
      rows.map((each) => each.querySelector('.ellipsis')?.textContent ?? ''),
    );
  const chosen = (): Promise<number> => page.locator('.layer-row[data-selected]').count();
  for (let i = 0; i < 4; i++) await page.keyboard.press('Control+Shift+n');
  expect(await names()).toEqual(['Layer 5', 'Layer 4', 'Layer 3', 'Layer 2', 'Layer 1', 'Sheet']);

  await row('Layer 2').click();
  await row('Layer 4').click({ modifiers: ['Shift'] });
  await expect.poll(chosen).toBe(3);
  await row('Layer 3').click({ modifiers: ['Control'] });
  await expect.poll(chosen).toBe(2);
  // Keys: one up, then together up.
  await page.keyboard.press('Control+BracketRight');
  await expect.poll(names).toEqual(['Layer 4', 'Layer 5', 'Layer 2', 'Layer 3', 'Layer 1', 'Sheet']);
  await page.keyboard.press('Control+z');
  await expect.poll(names).toEqual(['Layer 5', 'Layer 4', 'Layer 3', 'Layer 2', 'Layer 1', 'Sheet']);
  await expect.poll(chosen).toBe(2);

  const run = async (name: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('searchbox').fill(name);
    await page.keyboard.press('Enter');
  };
  await run('colour label: green');
  await expect(row('Layer 4')).toHaveAccessibleName(/label green/);
  await expect(row('Layer 2')).toHaveAccessibleName(/label green/);
  await expect(row('Layer 3')).not.toHaveAccessibleName(/label/);
  await page.keyboard.press('Slash');
  await expect(row('Layer 2')).toHaveAccessibleName(/transparency locked/);
  await expect(row('Layer 4')).toHaveAccessibleName(/transparency locked/);
  await page.screenshot({ path: info.outputPath('chosen.png') });
  await check(studio, '[data-testid="layers"]');

  await page.keyboard.press('Control+j');
  await expect(studio.layers).toHaveCount(8);
  await expect.poll(chosen).toBe(2);
  await page.keyboard.press('Control+g');
  await expect.poll(names).toContain('Group 1');
  await expect(studio.layers).toHaveCount(9);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(studio.layers).toHaveCount(6);
  await row('Layer 5').click();
  await row('Layer 4').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+e');
  await expect.poll(names).toEqual(['Layer 5', 'Layer 3', 'Layer 2', 'Layer 1', 'Sheet']);
  await page.keyboard.press('Control+z');
  await row('Layer 5').click();
  await row('Layer 4').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Shift+Delete');
  await expect.poll(names).toEqual(['Layer 3', 'Layer 2', 'Layer 1', 'Sheet']);
  await page.keyboard.press('Control+z');

  // The search finds by name and by label, and Esc ends it.
  await page.getByRole('button', { name: 'Find layers by name' }).click();
  const search = page.getByRole('searchbox', { name: 'Find layers' });
  await search.fill('ayer 3');
  await expect.poll(names).toEqual(['Layer 3']);
  await search.fill('green');
  await expect.poll(names).toEqual(['Layer 4', 'Layer 2']);
  await page.screenshot({ path: info.outputPath('found.png') });
  await check(studio, '[data-testid="layers"]');
  await search.fill('nowhere');
  await expect(page.getByText('None is called so.')).toBeVisible();
  await search.press('Escape');
  await expect(studio.layers).toHaveCount(6);

  // Alone until the eye is pressed again.
  await studio.canvas.focus();
  await page.keyboard.press('Control+1');
  const middle = await studio.middle();
  await row('Layer 1').click();
  await studio.pen(line(middle, 120));
  const place = { x: middle.x + 60, y: middle.y };
  const stroke = await colourAt(studio, place);
  await row('Layer 2')
    .getByRole('button', { name: 'Hide Layer 2' })
    .click({ modifiers: ['Alt'] });
  await expect(page.getByText('Only Layer 2 is shown')).toBeVisible();
  expect(await colourAt(studio, place)).not.toEqual(stroke);
  await row('Layer 2').getByRole('button', { name: 'Show all layers, not Layer 2 alone' }).click();
  await expect(page.getByText('Only Layer 2 is shown')).toBeHidden();
  await expect.poll(() => colourAt(studio, place)).toEqual(stroke);

  // A click on the canvas chooses the layer that is seen there, and paints nothing; the list of keys says so.
  await row('Layer 4').click();
  await page.keyboard.down('Control');
  await page.keyboard.down('Shift');
  await page.mouse.click(place.x, place.y);
  await page.keyboard.up('Shift');
  await page.keyboard.up('Control');
  await expect(row('Layer 1')).toHaveAttribute('data-active', 'true');
  expect(await colourAt(studio, place)).toEqual(stroke);
  await run('keyboard shortcuts');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByRole('searchbox').fill('+click');
  await expect(help.getByText('Choose the layer that is seen there')).toBeVisible();
  await expect(help.getByText('On an eye: show the layer alone, or all again')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  // The Move tool takes all that are chosen.
  await row('Layer 3').click();
  await studio.pen(line({ x: middle.x, y: middle.y + 60 }, 120));
  await row('Layer 1').click({ modifiers: ['Control'] });
  await studio.canvas.focus();
  await studio.tap('v');
  await studio.pen([0, 0.5, 1].map((t) => ({ x: middle.x + 60, y: middle.y + 120 * t, force: 1 })));
  await expect.poll(() => colourAt(studio, { ...place, y: place.y + 120 })).toEqual(stroke);
  await expect.poll(() => colourAt(studio, { ...place, y: place.y + 180 })).toEqual(stroke);
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, place)).toEqual(stroke);

  // So does a transform.
  await page.keyboard.press('Control+t');
  const down = page
    .getByRole('region', { name: 'Tool options' })
    .getByRole('textbox', { name: 'Y', exact: true });
  await down.fill(String(Number(await down.inputValue()) + 150));
  await page.keyboard.press('Tab');
  await page.getByRole('region', { name: 'Tool options' }).getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => colourAt(studio, { ...place, y: place.y + 150 })).toEqual(stroke);
  await expect.poll(() => colourAt(studio, { ...place, y: place.y + 210 })).toEqual(stroke);
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourAt(studio, place)).toEqual(stroke);
});

test('feather and density of a mask are numbers: seen at once, each a step, there after a reload', async ({
  studio,
}, info) => {
  const { page } = studio;
  const middle = await studio.middle();
  for (const y of [-60, 0, 60]) await studio.pen(line({ x: middle.x - 200, y: middle.y + y }, 400));
  await page.getByRole('button', { name: 'Select rectangle', exact: true }).click();
  await studio.pen(
    [0, 0.5, 1].map((t) => ({ x: middle.x - 100 + 200 * t, y: middle.y - 90 + 180 * t, force: 1 })),
  );
  await page.getByRole('button', { name: 'More for Layer 1' }).click();
  await page.getByRole('menuitem', { name: 'Mask from selection' }).click();
  await studio.canvas.focus();
  await page.keyboard.press('Control+d');
  const look = async (): Promise<Buffer> => {
    await expect(studio.canvas).toHaveAttribute('data-settled', 'true');
    const box = (await studio.canvas.boundingBox())!;
    return studio.pixels(middle.x - box.x - 250, middle.y - box.y - 120, 500, 240);
  };
  const set = async (name: string, value: string): Promise<void> => {
    await page.getByRole('textbox', { name: `Mask ${name}, exact` }).fill(value);
    await page.keyboard.press('Tab');
  };
  const hard = await look();
  await set('feather', '30');
  await expect.poll(async () => hard.equals(await look())).toBe(false);
  // Half is shown where the edge was, nothing far from it; the reddest is as it was.
  const alpha = async (x: number): Promise<number> =>
    255 - (await colourAt(studio, { x: middle.x + x, y: middle.y }))[0]!;
  const full = 255 - 31;
  await expect.poll(() => alpha(-100)).toBeGreaterThan(0.45 * full);
  expect(await alpha(-100)).toBeLessThan(0.55 * full);
  expect(await alpha(-195)).toBeLessThan(0.02 * full);
  expect(await alpha(0)).toBeGreaterThan(0.98 * full);
  await page.screenshot({ path: info.outputPath('feather.png') });
  await set('density', '50');
  await expect.poll(() => alpha(-195)).toBeGreaterThan(0.45 * full);
  await expect(page.getByRole('textbox', { name: 'Mask feather, exact' })).toHaveValue('30');
  const soft = await look();
  const stored = await studio.storedHash();
  await page.reload();
  await studio.ready();
  await expect.poll(async () => soft.equals(await look())).toBe(true);
  expect(await studio.storedHash()).toBe(stored);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(async () => hard.equals(await look())).toBe(true);
});
