import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from './support/test.ts';
import { createDocumentFile, openDocument } from '../../main/documents/document.ts';
import type { Reading } from './support/studio-page.ts';

function line({ x, y }: Reading, length: number): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force: 0.8 }));
}

test('a save point is made by key, named, listed in the history, and brought back as one step', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.newDocument('points', 400, 300);
  const middle = await studio.middle();
  await studio.pen(line(middle, 80));
  const kept = await studio.shownHash(400, 300);
  await page.keyboard.press('Control+s');
  await expect(studio.status).toContainText('Save point 1 made');
  await page.getByRole('tab', { name: 'History' }).click();
  await studio.status.getByRole('button', { name: 'Name it' }).click();
  await page.getByLabel('Name of the save point').fill('First fox');
  await page.keyboard.press('Enter');
  const points = page.getByRole('list', { name: 'Save points' });
  await expect(points.getByText('First fox')).toBeVisible();

  await studio.pen(line({ x: middle.x, y: middle.y + 80 }, 80));
  await page.keyboard.press('Control+Shift+n');
  const later = await studio.shownHash(400, 300);
  expect(later).not.toBe(kept);
  await points.getByRole('button', { name: 'Restore First fox' }).click();
  await expect(page.getByRole('option', { name: 'Restore First fox' })).toBeVisible();
  expect(await studio.shownHash(400, 300)).toBe(kept);
  // One message with the way back, which is one step.
  await studio.status.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => studio.shownHash(400, 300)).toBe(later);
  await points.getByRole('button', { name: 'Restore First fox' }).click();
  await expect(studio.status).toContainText('Restored "First fox" in one step.');
  await expect.poll(() => studio.shownHash(400, 300)).toBe(kept);
  await page.reload();
  await studio.ready();
  expect(await studio.shownHash(400, 300)).toBe(kept);
  await page.keyboard.press('Control+z');
  await expect.poll(() => studio.shownHash(400, 300)).toBe(later);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'Save points' }).getByText('First fox')).toBeVisible();
});

test('the history becomes a film: WebM encoded in the page, GIF by the studio', async ({ studio }, info) => {
  const { page } = studio;
  const middle = await studio.middle();
  for (let i = 0; i < 5; i++) await studio.pen(line({ x: middle.x - 60, y: middle.y - 60 + i * 24 }, 120));
  for (const [name, magic] of [
    ['WebM', '1a45dfa3'],
    ['GIF', '47494638'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('searchbox').fill('time-lapse');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Time-lapse' });
    await expect(dialog).toContainText('5 steps are played');
    await dialog.getByRole('radio', { name, exact: true }).click();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    const path = info.outputPath(`film.${name.toLowerCase()}`);
    await (await download).saveAs(path);
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 4).toString('hex')).toBe(magic);
    expect(bytes.length).toBeGreaterThan(2000);
    await expect(dialog).toBeHidden();
  }
});

test('36, text 6: a document that another process has is shown read-only, with two ways on', async ({
  studio,
  process,
}) => {
  const { page } = studio;
  const path = join(process.documentsFolder, 'taken fox.impasto');
  createDocumentFile(path, 'taken fox', 256, 256);
  const elsewhere = openDocument(path);
  try {
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByText('taken fox').click();
    await expect(studio.status).toContainText(/taken fox\.impasto is open in another window since \d\d:\d\d/);
    await expect(page.getByText('Read-only', { exact: true })).toBeVisible();
    await studio.pen(line(await studio.middle(), 40));
    await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByText('taken fox').first().click();
    // Said twice by now, for as long as the first is there.
    await studio.status.getByRole('button', { name: 'Copy' }).last().click();
    await expect(studio.canvas).toHaveAccessibleName(/^taken fox copy/);
    await studio.pen(line(await studio.middle(), 40));
    await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  } finally {
    elsewhere.close();
  }
});

test('36, text 7: a document of a newer version is shown read-only and can be exported', async ({
  studio,
  process,
}) => {
  const { page } = studio;
  const path = join(process.documentsFolder, 'from the future.impasto');
  createDocumentFile(path, 'from the future', 200, 200);
  const db = new Database(path);
  db.pragma('user_version = 99');
  db.close();
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog').getByText('from the future').click();
  await expect(studio.status).toContainText('made by a newer version of Impasto (layout 99;');
  await expect(page.getByText('Read-only', { exact: true })).toBeVisible();
  await studio.pen(line(await studio.middle(), 40));
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog').getByText('from the future').first().click();
  const download = page.waitForEvent('download');
  await studio.status.getByRole('button', { name: 'Export copy' }).click();
  expect((await download).suggestedFilename()).toBe('from the future.png');
});
