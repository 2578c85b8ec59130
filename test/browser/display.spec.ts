import sharp from 'sharp';
import { expect, test } from './support/test.ts';
import type { StudioPage } from './support/studio-page.ts';

interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a part of the window looks like on the screen, RGB by device pixels; the clip is in CSS px. */
async function screen(studio: StudioPage, clip: Clip): Promise<Buffer> {
  await studio.settleFrames();
  const png = await studio.page.screenshot({ clip, animations: 'disabled' });
  return sharp(png).removeAlpha().raw().toBuffer();
}

/** Where a document of this size lies in the window at 100%, in CSS px. */
async function place(studio: StudioPage, width: number, height: number, ratio: number): Promise<Clip> {
  await studio.page.keyboard.press('Control+0');
  await studio.page.keyboard.press('Control+1');
  await studio.page.mouse.move(4, 4);
  const box = (await studio.canvas.boundingBox())!;
  return {
    x: box.x + Math.round((box.width * ratio - width) / 2) / ratio,
    y: box.y + Math.round((box.height * ratio - height) / 2) / ratio,
    width: width / ratio,
    height: height / ratio,
  };
}

for (const ratio of [1, 2]) {
  test.describe(`a screenshot at ${ratio} device ${ratio === 1 ? 'pixel' : 'pixels'} for one`, () => {
    test.use({ deviceScaleFactor: ratio });

    test(`at 100% shows every document pixel as it is stored (ratio ${ratio})`, async ({ studio }) => {
      const { page } = studio;
      await studio.newDocument(`exact ${ratio}`, 600, 400);
      await studio.canvas.focus();
      await page.keyboard.press('Control+1');
      const middle = await studio.middle();
      await studio.pen(
        Array.from({ length: 40 }, (_, i) => ({
          x: middle.x - 70 + i * 3.5,
          y: middle.y + 50 * Math.sin(i / 3),
          force: 0.2 + (i % 10) / 14,
        })),
      );
      const clip = await place(studio, 600, 400, ratio);
      await studio.saved();
      const bridge = await studio.process.connect();
      const listed = await bridge.request('documents.list', {});
      const { path } = listed.find(({ name }) => name === `exact ${ratio}`)!;
      const { id } = await bridge.request('documents.open', { path });
      const { png } = await bridge.request('documents.export-png', { documentId: id });
      const stored = await sharp(png).removeAlpha().raw().toBuffer();
      const shown = await screen(studio, clip);
      expect(shown.length).toBe(stored.length);
      expect(new Set(stored).size).toBeGreaterThan(50);
      expect(Buffer.compare(shown, stored)).toBe(0);
    });
  });
}

/** The transfer function of sRGB and Display P3, and its inverse (IEC 61966-2-1). */
const toLight = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const fromLight = (light: number): number =>
  light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;

/** A colour of Display P3 as sRGB, both D65 (SMPTE EG 432-1 and Rec. 709 primaries). */
function p3ToSrgb(colour: readonly number[]): number[] {
  const [r = 0, g = 0, b = 0] = colour.map(toLight);
  return [
    1.2249401763 * r - 0.2249401763 * g,
    -0.0420569547 * r + 1.0420569547 * g,
    -0.0196375546 * r - 0.0786360456 * g + 1.0982736001 * b,
  ].map((light) => fromLight(Math.min(1, Math.max(0, light))) * 255);
}

test('a document in Display P3 is shown by what its numbers mean, not as if they were sRGB', async ({
  studio,
}) => {
  const bridge = await studio.process.connect();
  const background = [0.4, 0.6, 0.3] as const;
  const made = await bridge.request('documents.create', {
    name: 'wide',
    width: 200,
    height: 200,
    colourSpace: 'display-p3',
    background,
  });
  await bridge.request('documents.close', { documentId: made.id });
  await bridge.request('settings.write', { key: 'page.last-document', value: made.path });
  await studio.page.reload();
  await expect(studio.canvas).toHaveAccessibleName(/^wide/);
  const clip = await place(studio, 200, 200, 1);
  const inside = { x: clip.x + 90, y: clip.y + 90, width: 4, height: 4 };
  const shown = await screen(studio, inside);
  const wanted = p3ToSrgb(background.map((value) => Math.round(value * 255) / 255));
  for (const [channel, value] of wanted.entries())
    expect(Math.abs(shown[channel]! - value), `channel ${channel}`).toBeLessThanOrEqual(1.5);
  // The difference that is looked for is larger than what is allowed.
  expect(Math.abs(wanted[0]! - 102)).toBeGreaterThan(6);
  // On the screen it is what the browser itself shows for the colour.
  await studio.page.evaluate(({ x, y }) => {
    const twin = document.createElement('div');
    twin.style.cssText = `position:fixed;z-index:99;left:${x}px;top:${y}px;width:4px;height:4px;background:color(display-p3 0.4 0.6 0.302)`;
    document.body.append(twin);
  }, inside);
  const twin = await screen(studio, inside);
  for (let channel = 0; channel < 3; channel++)
    expect(Math.abs(shown[channel]! - twin[channel]!)).toBeLessThanOrEqual(1);
});

test('a picture that is taken into a document in Display P3 looks as it did before', async ({ studio }) => {
  const bridge = await studio.process.connect();
  const made = await bridge.request('documents.create', {
    name: 'wide picture',
    width: 256,
    height: 256,
    colourSpace: 'display-p3',
    background: [1, 1, 1],
  });
  await bridge.request('documents.close', { documentId: made.id });
  await bridge.request('settings.write', { key: 'page.last-document', value: made.path });
  await studio.page.reload();
  await expect(studio.canvas).toHaveAccessibleName(/^wide picture/);
  await studio.generate('a red house on a green hill');
  await studio.page
    .getByTestId('strip')
    .getByRole('option', { name: /^Result/ })
    .first()
    .click();
  const clip = await place(studio, 256, 256, 1);
  const before = await screen(studio, clip);
  await studio.page.getByRole('button', { name: /^Accept/ }).click();
  await expect(studio.page.getByText(/Accepted as layer/)).toBeAttached();
  await studio.saved();
  const after = await screen(studio, await place(studio, 256, 256, 1));
  expect(new Set(before).size).toBeGreaterThan(50);
  let [sum, worst] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    const off = Math.abs(before[i]! - after[i]!);
    sum += off;
    worst = Math.max(worst, off);
  }
  expect(sum / before.length).toBeLessThan(0.3);
  expect(worst).toBeLessThanOrEqual(3);
});

test('the navigator goes where it is pressed, also in a turned and flipped view', async ({ studio }) => {
  const { page } = studio;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await studio.newDocument('map', 800, 600);
  await studio.canvas.focus();
  const middle = await studio.middle();
  await page.keyboard.press('Control+1');
  // A mark that only the place at (600, 150) has.
  await studio.pen([-8, -4, 0, 4, 8].map((by) => ({ x: middle.x + 200 + by, y: middle.y - 150, force: 1 })));
  for (let i = 0; i < 4; i++) await page.keyboard.press('Control+Equal');
  await page.keyboard.press('Shift+H');
  await page.keyboard.down('r');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.up('r');
  const map = (await page.locator('.navigator canvas').boundingBox())!;
  const scale = Math.min(map.width / 800, map.height / 600);
  const left = map.x + (map.width - 800 * scale) / 2;
  const top = map.y + (map.height - 600 * scale) / 2;
  const dark = async (): Promise<boolean> => {
    const box = (await studio.canvas.boundingBox())!;
    const data = await studio.pixels(Math.round(box.width / 2) - 12, Math.round(box.height / 2) - 12, 24, 24);
    return data.some((value, at) => at % 4 === 0 && value < 100);
  };
  await page.mouse.click(left + 200 * scale, top + 450 * scale);
  await expect.poll(dark).toBe(false);
  await page.mouse.click(left + 600 * scale, top + 150 * scale);
  await expect.poll(dark).toBe(true);
});

test('with the tool that pans, arrows move the view by a tenth', async ({ studio }) => {
  const { page } = studio;
  await studio.canvas.focus();
  await page.keyboard.press('Control+1');
  await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: 'Pan' }).click();
  await studio.canvas.focus();
  const box = (await studio.canvas.boundingBox())!;
  const edge = async (): Promise<number> => {
    const row = await studio.pixels(0, Math.round(box.height / 2), Math.round(box.width), 1);
    return row.findIndex((value, at) => at % 4 === 0 && value === 255) / 4;
  };
  // The document is wider than the canvas: pan until its left edge is seen.
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  const before = await edge();
  expect(before).toBeGreaterThan(0);
  await page.keyboard.press('ArrowRight');
  expect(Math.abs(before - (await edge()) - box.width / 10)).toBeLessThanOrEqual(1);
});

test.describe('on a display of two device pixels for one', () => {
  test.use({ deviceScaleFactor: 2 });

  test('100% is one document pixel for one device pixel, exactly', async ({ studio }) => {
    const { page } = studio;
    await studio.newDocument('dense', 600, 400);
    await page.keyboard.press('Control+1');
    const middle = await studio.middle();
    await studio.pen(
      Array.from({ length: 20 }, (_, i) => ({
        x: middle.x - 60 + i * 6,
        y: middle.y + 20 * Math.sin(i),
        force: 0.7,
      })),
    );
    const stored = Buffer.from(await page.evaluate(() => devicePixelRatio).then((ratio) => [ratio]));
    expect(stored[0]).toBe(2);
    await page.keyboard.press('Control+0');
    await page.keyboard.press('Control+1');
    await page.mouse.move(4, 4);
    const box = (await studio.canvas.boundingBox())!;
    const shown = await studio.pixels(
      Math.round((box.width * 2 - 600) / 2),
      Math.round((box.height * 2 - 400) / 2),
      600,
      400,
    );
    studio.watch('dense');
    const { createHash } = await import('node:crypto');
    expect(createHash('sha256').update(shown).digest('hex')).toBe(await studio.storedHash());
  });
});

test('from 800% single pixels are ruled off and squares are hard; below they are not ruled', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.newDocument('tiny', 24, 24);
  const middle = await studio.middle();
  await page.keyboard.press('Control+1');
  const box = (await studio.canvas.boundingBox())!;
  const colours = async (): Promise<number> => {
    const data = await studio.pixels(middle.x - box.x - 40, middle.y - box.y - 40, 80, 80);
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4) seen.add(data.readUInt32BE(i));
    return seen.size;
  };
  for (let i = 0; i < 11; i++) await page.keyboard.press('Control+Equal');
  await expect(studio.canvas).toHaveAccessibleName(/, 673%,/);
  await page.mouse.move(4, 4);
  expect(await colours()).toBe(1);
  await page.keyboard.press('Control+Equal');
  await expect(studio.canvas).toHaveAccessibleName(/, 800%,/);
  expect(await colours()).toBeGreaterThan(1);
});

test('controls grow on request: a first finger only offers it; left-handed mirrors rail and docks', async ({
  studio,
}) => {
  const { page } = studio;
  const height = (): Promise<number> =>
    page
      .getByRole('radio', { name: 'Generate' })
      .evaluate((element) => element.getBoundingClientRect().height);
  const before = await height();
  const middle = await studio.middle();
  await studio.touch('touchStart', [middle]);
  await studio.touch('touchEnd', []);
  expect(await height()).toBe(before);
  await studio.status.getByRole('button', { name: 'Make them larger' }).click();
  await expect.poll(height).toBe(40);
  const undo = await page.getByRole('button', { name: 'Undo' }).boundingBox();
  expect(Math.min(undo!.width, undo!.height)).toBeGreaterThanOrEqual(44);

  const command = async (name: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a command').fill(name);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await command('Controls for a mouse');
  await expect.poll(height).toBe(before);
  const rail = (): Promise<number> =>
    page.getByRole('toolbar', { name: 'Tools' }).evaluate((element) => element.getBoundingClientRect().left);
  expect(await rail()).toBeLessThan(100);
  await command('Left-handed');
  await expect.poll(rail).toBeGreaterThan(1100);
  expect((await studio.canvas.boundingBox())!.width).toBe(972);
});
