import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioPage } from './support/studio-page.ts';
import { expect, test } from './support/test.ts';

test('36, text 20: strokes made while the link is down wait in the tab and go in order when it is back', async ({
  page,
  freshProcess,
}) => {
  const studio = new StudioPage(page, freshProcess);
  await studio.open();
  const { x, y } = await studio.middle();
  await studio.pen([
    { x: x - 100, y },
    { x, y },
  ]);
  await studio.saved();

  await freshProcess.kill();
  await expect(studio.status).toContainText(
    'The link to the workstation dropped. Everything painted so far is saved. Keep the tab open; trying in',
  );
  for (let i = 1; i <= 3; i++) {
    await studio.pen([
      { x: x - 100, y: y + i * 30 },
      { x, y: y + i * 30 },
    ]);
  }
  await expect(studio.status).toContainText('3 strokes are kept in this tab');
  await expect(page.getByText(/^Not saved: 3 kept here/)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await freshProcess.launch();
  await studio.saved();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('option', { name: 'Brush stroke' })).toHaveCount(4);
  const shown = await studio.pixels(0, 0, 900, 600);
  await page.reload();
  await studio.ready();
  await expect(studio.status).toContainText('Restored 4 steps');
  expect(Buffer.compare(await studio.pixels(0, 0, 900, 600), shown)).toBe(0);
});

test('36: a document that cannot be opened is said in the status line; the open one stays', async ({
  studio,
}) => {
  const { page, process } = studio;
  await studio.newDocument('Broken', 64, 64);
  await studio.newDocument('Whole', 64, 64);
  await page.keyboard.press('Control+o');
  const row = page.getByRole('option', { name: /Broken/ });
  await expect(row).toBeVisible();
  const bridge = await process.connect();
  const broken = (await bridge.request('documents.list', {})).find((each) => each.name === 'Broken')!;
  if (broken.id !== null) await bridge.request('documents.close', { documentId: broken.id });
  for (const file of await readdir(process.documentsFolder)) {
    if (file === 'Broken.impasto') await truncate(join(process.documentsFolder, file), 700);
  }
  await row.click();
  await expect(studio.status.getByText(/✕/)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(studio.canvas).toHaveAccessibleName(/^Whole, 64 by 64/);
});
