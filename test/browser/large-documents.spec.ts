import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';

const EDGE = 16_384;

/** Pixels of the far corner as the studio has them on disk. */
const CORNER = { x: 63, y: 63 };

test('a document of 16384 × 16384 is painted on in a far corner, seen from afar, and reopened as it was', async ({
  studio,
}) => {
  test.setTimeout(600_000);
  const { page, process } = studio;
  await studio.newDocument('vast', EDGE, EDGE);
  studio.watch('vast');
  const zoom = (): Promise<number> =>
    studio.canvas.getAttribute('aria-label').then((name) => Number(/, (\d+)%/.exec(name ?? '')?.[1]));
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const toCorner = async (): Promise<void> => {
    // Fitted, the last pixel is near the canvas' lower right; the wheel zooms at the pointer.
    await page.keyboard.press('Control+0');
    const scale = Math.min(box.width - 48, box.height - 48) / EDGE;
    const corner = { x: middle.x + (EDGE / 2) * scale - 2, y: middle.y + (EDGE / 2) * scale - 2 };
    await page.mouse.move(corner.x, corner.y);
    for (let i = 0; i < 40 && (await zoom()) < 100; i++) {
      await page.mouse.wheel(0, -120);
      // The zoom is told a frame later.
      await studio.settleFrames();
    }
  };
  const shown = async (): Promise<string> => {
    await page.mouse.move(4, 4);
    const data = await studio.pixels(0, 0, Math.round(box.width), Math.round(box.height));
    return createHash('sha256').update(data).digest('hex');
  };

  await page.keyboard.press('Control+0');
  await studio.settleFrames();
  const blank = await shown();
  await toCorner();
  const corner = { x: middle.x + 60, y: middle.y + 20 };
  await studio.pen(
    Array.from({ length: 12 }, (_, i) => ({
      x: corner.x - 80 + i * 8,
      y: corner.y - 40 + (i % 3) * 9,
      force: 1,
    })),
  );
  await studio.saved();
  const painted = await shown();

  // From afar the stroke is a few pixels, and they are there.
  await page.keyboard.press('Control+0');
  await expect.poll(shown).not.toBe(blank);
  await page.keyboard.press('Control+z');
  await expect.poll(shown).toBe(blank);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(shown).not.toBe(blank);
  await toCorner();
  await expect.poll(shown).toBe(painted);

  const stored = async (): Promise<string> => {
    await studio.saved();
    const bridge = await process.connect();
    const [file] = (await readdir(process.documentsFolder)).filter((name) => name === 'vast.impasto');
    const state = await bridge.request('documents.open', { path: join(process.documentsFolder, file!) });
    const tiles = await bridge.request('documents.read-layer', {
      documentId: state.id,
      layerId: state.layers.at(-1)!.id,
    });
    expect(tiles.length).toBeGreaterThan(0);
    expect(tiles.length).toBeLessThan(9);
    const near = tiles.every(({ x, y }) => x > CORNER.x - 6 && y > CORNER.y - 6);
    expect(near).toBe(true);
    const hash = createHash('sha256');
    for (const { x, y, data } of tiles.toSorted((a, b) => a.y - b.y || a.x - b.x))
      hash.update(`${x} ${y}`).update(data!);
    return hash.digest('hex');
  };
  const before = await stored();
  await page.reload();
  await expect(studio.canvas).toHaveAccessibleName(/^vast, 16384 by 16384/, { timeout: 60_000 });
  await studio.settleFrames();
  expect(await stored()).toBe(before);
  await toCorner();
  await expect.poll(shown).toBe(painted);
});
