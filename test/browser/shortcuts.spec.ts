import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';

test('shortcuts: a scheme counts at once, a taken key says by whom, what was chosen survives a reload', async ({
  studio,
}) => {
  const { page } = studio;
  const tool = (name: string) => page.getByRole('button', { name, exact: true });
  await page.keyboard.press('Control+Comma');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const axe = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await dialog.getByRole('searchbox').fill('Wand');
  await dialog.getByRole('button', { name: 'Change the key of Wand' }).click();
  await page.keyboard.press('g');
  await expect(dialog.getByRole('alert')).toContainText('G: Fill.');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await dialog.getByRole('button', { name: 'Change the key of Wand' }).click();
  await page.keyboard.press('s');
  await expect(dialog.getByRole('alert')).toContainText('held, sizes the brush');
  await expect(dialog.getByRole('button', { name: 'Take it' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await studio.tap('g');
  await expect(tool('Wand')).toHaveAttribute('aria-pressed', 'true');
  const bridge = await studio.process.connect();
  await expect
    .poll(async () => JSON.stringify((await bridge.request('settings.read', {}))['page.shortcuts']))
    .toMatch(/wand/i);
  await page.reload();
  await studio.ready();
  await studio.tap('b');
  await studio.tap('g');
  await expect(tool('Wand')).toHaveAttribute('aria-pressed', 'true');

  await page.keyboard.press('Control+Comma');
  await dialog.getByRole('button', { name: 'Reset all' }).click();
  await dialog.getByRole('button', { name: /Impasto/ }).click();
  await page.getByRole('option', { name: 'Krita' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await studio.tap('f');
  await expect(tool('Fill')).toHaveAttribute('aria-pressed', 'true');
  await studio.tap('b');
  await studio.tap('e');
  await expect(page.locator('.tool-options').getByText('erases')).toBeVisible();
});
