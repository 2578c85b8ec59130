import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';

test('a filter is seen while it is set, dropped by Esc, applied in one step', async ({ studio }, info) => {
  const { page } = studio;
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  /** The red of a place above the edge of the paint. */
  const red = async (): Promise<number> =>
    (await studio.pixels(middle.x - box.x, middle.y - box.y - 106, 1, 1))[0]!;
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Shape', exact: true }).click();
  await studio.pen(
    [0, 0.5, 1].map((t) => ({ x: middle.x - 100 + 200 * t, y: middle.y - 100 + 200 * t, force: 0.8 })),
  );
  expect(await red()).toBe(255);
  const choose = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Gaussian');
    await page.keyboard.press('Enter');
  };
  const panel = page.getByRole('region', { name: 'Gaussian blur' });
  const radius = panel.getByRole('textbox', { name: 'Radius, exact' });
  await choose();
  await radius.fill('20');
  await page.keyboard.press('Tab');
  await expect.poll(red).toBeLessThan(200);
  await page.screenshot({ path: info.outputPath('filter.png') });
  const { violations } = await new AxeBuilder({ page }).include('.effect-editor').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await radius.press('Escape');
  await expect(panel).toBeHidden();
  await expect.poll(red).toBe(255);
  await choose();
  await radius.fill('20');
  await page.keyboard.press('Tab');
  await panel.getByRole('button', { name: 'Apply' }).click();
  await expect(panel).toBeHidden();
  await expect.poll(red).toBeLessThan(200);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(red).toBe(255);
});
