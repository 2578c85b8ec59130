import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

async function drag(studio: StudioPage, from: Reading, to: Reading): Promise<void> {
  const middle = await studio.middle();
  const at = (t: number): Reading => ({
    x: middle.x + from.x + (to.x - from.x) * t,
    y: middle.y + from.y + (to.y - from.y) * t,
    force: 0.8,
  });
  await studio.pen([0, 0.25, 0.5, 0.75, 1].map(at));
}

async function colourAt(studio: StudioPage, x: number, y: number): Promise<number[]> {
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  return [...(await studio.pixels(middle.x - box.x + x, middle.y - box.y + y, 1, 1))].slice(0, 3);
}

const INK = [31, 58, 95];
const WHITE = [255, 255, 255];

test('shapes are drawn with fill and outline, undone in one step, in a turned and flipped view too', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.canvas.focus();
  await studio.tap('u');
  await drag(studio, { x: -100, y: -60 }, { x: -20, y: 60 });
  expect(await colourAt(studio, -60, 0)).toEqual(INK);
  expect(await colourAt(studio, -10, 0)).toEqual(WHITE);
  await page
    .getByRole('region', { name: 'Tool options' })
    .getByRole('button', { name: /Rectangle/ })
    .click();
  await page.getByRole('option', { name: 'Ellipse' }).click();
  await page.getByRole('button', { name: 'Outline' }).click();
  await drag(studio, { x: 20, y: -60 }, { x: 120, y: 60 });
  // The outline has the colour in hand, the inside the other one.
  expect(await colourAt(studio, 70, 0)).toEqual(WHITE);
  expect(await colourAt(studio, 70, -59)).not.toEqual(WHITE);
  await studio.canvas.focus();
  await page.keyboard.press('Control+z');
  expect(await colourAt(studio, 70, -59)).toEqual(WHITE);
  expect(await colourAt(studio, -60, 0)).toEqual(INK);
  await page.keyboard.press('Shift+h');
  await page.keyboard.down('r');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.up('r');
  await page.getByRole('button', { name: 'Outline' }).click();
  await drag(studio, { x: 90, y: 90 }, { x: 150, y: 150 });
  // The middle of the drag is the middle of the shape, however the view lies.
  expect(await colourAt(studio, 120, 120)).toEqual(INK);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
});

test('smudge moves paint and keeps its own size; the eyedropper averages and looks where it is told', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.canvas.focus();
  await studio.tap('u');
  await drag(studio, { x: -80, y: -60 }, { x: 0, y: 60 });
  await studio.tap('j');
  await expect(page.getByLabel('Size, exact')).toHaveValue('50');
  const middle = await studio.middle();
  await studio.pen(
    Array.from({ length: 30 }, (_, i) => ({ x: middle.x - 40 + i * 3, y: middle.y, force: 1 })),
  );
  expect(await colourAt(studio, 15, 0)).not.toEqual(WHITE);
  await studio.tap('b');
  await expect(page.getByLabel('Size, exact')).toHaveValue('24');
  await studio.tap('i');
  await page.getByRole('button', { name: /Sample/ }).click();
  await page.getByRole('option', { name: '11 × 11' }).click();
  const place = { x: middle.x, y: middle.y - 50 };
  await studio.pen([place], false);
  const box = (await studio.canvas.boundingBox())!;
  /** Opaque pixels of what lies over the picture, where the loupe is. */
  const loupePixels = async (): Promise<number> => {
    await studio.settleFrames();
    return page.getByTestId('aids').evaluate(
      (canvas, [x, y]) => {
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')!
          .getImageData(x! - 40, y! - 124, 80, 80);
        return data.filter((value, i) => i % 4 === 3 && value === 255).length;
      },
      [Math.round(place.x - box.x), Math.round(place.y - box.y)],
    );
  };
  expect(await loupePixels()).toBeGreaterThan(5000);
  // Fields of the tool options stand beside each other.
  const fields = await page.locator('.tool-options .field').all();
  const edges = await Promise.all(fields.map(async (field) => (await field.boundingBox())!));
  const inner = await Promise.all(
    fields.map(async (field) => (await field.getByRole('button').boundingBox())!),
  );
  expect(edges.length).toBe(2);
  expect(inner[0]!.x + inner[0]!.width).toBeLessThanOrEqual(edges[1]!.x);
  await page.screenshot({ path: test.info().outputPath('loupe.png') });
  await studio.penUp(place);
  expect(await loupePixels()).toBe(0);
  const value = await page.getByLabel('Colour, hexadecimal').inputValue();
  expect(value.toLowerCase()).not.toBe('#1f3a5f');
  expect(value.toLowerCase()).not.toBe('#ffffff');
});
