import { expect, test } from './support/test.ts';

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
