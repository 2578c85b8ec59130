import { expect, test } from './support/test.ts';

test('text is written where the canvas is pressed, seen at once, dropped by Esc, one step when applied', async ({
  studio,
}, info) => {
  const { page } = studio;
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const inked = async (): Promise<boolean> =>
    [...(await studio.pixels(middle.x - box.x, middle.y - box.y, 120, 60))].some((value) => value < 100);
  await studio.canvas.focus();
  await page.keyboard.press('t');
  await studio.pen([{ x: middle.x, y: middle.y, force: 0.5 }]);
  const field = page.getByRole('dialog', { name: 'Text' }).getByRole('textbox', { name: 'Text' });
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
  expect(await inked()).toBe(false);
  await studio.pen([{ x: middle.x, y: middle.y, force: 0.5 }]);
  await field.fill('Hello\nworld');
  await page.screenshot({ path: info.outputPath('text.png') });
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(inked).toBe(true);
  await expect(page.getByText('Hello world').first()).toBeVisible();
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(inked).toBe(false);
});
