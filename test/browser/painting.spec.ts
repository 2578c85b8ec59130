import { expect, test } from './support/test.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

/** A straight stroke of `length` px to the right. */
function line({ x, y }: Reading, length: number, force = 0.8): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force }));
}

/** Pixels around a place, to see whether anything there changed. */
async function around(studio: StudioPage, { x, y }: Reading, reach = 60): Promise<string> {
  const box = (await studio.canvas.boundingBox())!;
  const pixels = await studio.pixels(x - box.x - reach, y - box.y - reach, reach * 2, reach * 2);
  return pixels.toString('base64');
}

test('5: neither pen nor touch ever scrolls the page', async ({ studio }) => {
  const middle = await studio.middle();
  await studio.pen(line(middle, 200));
  await studio.page.waitForTimeout(600);
  await studio.touch('touchStart', [middle]);
  for (let i = 1; i < 20; i++) await studio.touch('touchMove', [{ x: middle.x, y: middle.y - i * 10 }]);
  await studio.touch('touchEnd', []);
  const scrolled = await studio.page.evaluate(() => [scrollX, scrollY, visualViewport?.scale]);
  expect(scrolled).toEqual([0, 0, 1]);
});

test('6: a touch within 400 ms of a pen draws nothing and does not move the view @alone', async ({
  studio,
}) => {
  const middle = await studio.middle();
  await studio.pen(line(middle, 40));
  const before = await around(studio, middle, 150);
  await studio.pen(line({ x: middle.x + 300, y: middle.y }, 8));
  const finger = { x: middle.x - 40, y: middle.y - 60 };
  // Sent in one go: on a busy machine answers may take longer than the pen keeps touches out.
  await Promise.all([
    studio.pen([{ x: middle.x + 300, y: middle.y + 40 }]),
    studio.gesture([
      [100, 'touchStart', [finger]],
      [150, 'touchMove', [{ x: finger.x + 60, y: finger.y + 30 }]],
      [200, 'touchEnd', []],
    ]),
  ]);
  expect(await around(studio, middle, 150)).toBe(before);
});

test('a palm that lies there first gives way to the pen: its mark goes, the stroke is drawn @alone', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  const palm = { x: middle.x - 120, y: middle.y + 80 };
  const blank = await around(studio, palm, 40);
  await studio.touch('touchStart', [palm]);
  for (let i = 1; i <= 6; i++) await studio.touch('touchMove', [{ x: palm.x + i * 4, y: palm.y }]);
  await expect.poll(() => around(studio, palm, 40)).not.toBe(blank);
  const before = await around(studio, middle, 30);
  await studio.pen(line({ x: middle.x - 20, y: middle.y }, 40));
  await studio.touch('touchEnd', []);
  await expect.poll(() => around(studio, middle, 30)).not.toBe(before);
  await expect.poll(() => around(studio, palm, 40)).toBe(blank);
  await page.keyboard.press('Control+z');
  await expect.poll(() => around(studio, middle, 30)).toBe(before);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('a quick pinch shows the whole picture @alone', async ({ studio }) => {
  const { page } = studio;
  const middle = await studio.middle();
  const fitted = await studio.canvas.getAttribute('aria-label');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Control+Equal');
  await expect(studio.canvas).not.toHaveAccessibleName(fitted!);
  const fingers = (apart: number): Reading[] => [
    { x: middle.x - apart, y: middle.y },
    { x: middle.x + apart, y: middle.y },
  ];
  await studio.gesture([
    [0, 'touchStart', fingers(100)],
    [50, 'touchMove', fingers(60)],
    [100, 'touchMove', fingers(30)],
    [150, 'touchEnd', []],
  ]);
  await expect(studio.canvas).toHaveAccessibleName(fitted!);
});

test('7, 8: a second finger takes the mark back and pinches; taps undo and redo, a pinch never does @alone', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  const left = { x: middle.x - 60, y: middle.y };
  const right = { x: middle.x + 60, y: middle.y };
  await studio.gesture([
    [0, 'touchStart', [left]],
    [20, 'touchMove', [{ x: left.x + 10, y: left.y }]],
    [170, 'touchStart', [left, right]],
    ...Array.from(
      { length: 10 },
      (_, i) =>
        [
          190 + i * 20,
          'touchMove',
          [
            { x: left.x - (i + 1) * 6, y: left.y },
            { x: right.x + (i + 1) * 6, y: right.y },
          ],
        ] as const,
    ),
    [600, 'touchEnd', []],
  ]);
  await expect(studio.canvas).not.toHaveAccessibleName(/58%/);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();

  await studio.touch('touchStart', [middle]);
  for (let i = 1; i <= 10; i++) await studio.touch('touchMove', [{ x: middle.x + i * 8, y: middle.y }]);
  await studio.touch('touchEnd', []);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  const tap = (...fingers: Reading[]): Promise<void> =>
    studio.gesture([
      [0, 'touchStart', fingers],
      [80, 'touchEnd', []],
    ]);
  await tap(left, right);
  await expect(page.getByRole('button', { name: 'Redo' })).toBeEnabled();
  await tap(left, right, middle);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Redo' })).toBeDisabled();
});

test('9: S held and 50 px to the right make the tip 100 px wider where it stands; Esc restores', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  const cursor = page.getByTestId('brush-cursor');
  const size = page.getByLabel('Size, exact');
  await page.mouse.move(middle.x, middle.y);
  const before = (await cursor.boundingBox())!;
  await page.keyboard.down('s');
  await page.mouse.down();
  await page.mouse.move(middle.x + 25, middle.y, { steps: 5 });
  await page.mouse.move(middle.x + 50, middle.y, { steps: 5 });
  await expect(size).toHaveValue('124');
  const during = (await cursor.boundingBox())!;
  expect(Math.abs(during.x + during.width / 2 - (before.x + before.width / 2))).toBeLessThanOrEqual(1);
  await page.keyboard.press('Escape');
  await expect(size).toHaveValue('24');
  await page.mouse.up();
  await page.keyboard.up('s');
});

test('the outline of the tip is not left behind where the pointer was', async ({ studio }) => {
  const { page } = studio;
  const middle = await studio.middle();
  const cursor = page.getByTestId('brush-cursor');
  await page.mouse.move(middle.x, middle.y);
  await expect(cursor).toBeVisible();
  await page.mouse.move(middle.x, 4);
  await expect(cursor).toBeHidden();
  await page.mouse.move(middle.x, middle.y);
  await expect(cursor).toBeVisible();
  await studio.tap('l');
  await expect(cursor).toBeHidden();
});

test('10: the cursor differs from the dab by at most a pixel at several pressures', async ({ studio }) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  await page.getByLabel('Size, exact').fill('80');
  await page.getByLabel('Size, exact').press('Enter');
  await page.getByLabel('Hardness, exact').fill('100');
  await page.getByLabel('Hardness, exact').press('Enter');
  const box = (await studio.canvas.boundingBox())!;
  for (const [index, force] of [0.2, 0.5, 1].entries()) {
    const at = { x: box.x + 200 + index * 200, y: box.y + 300, force };
    await studio.pen([at], false);
    await studio.settleFrames();
    const cursor = await page.getByTestId('brush-cursor').evaluate((element: HTMLCanvasElement) => {
      const { width, height } = element;
      const { data } = element.getContext('2d')!.getImageData(0, 0, width, height);
      // White, and nearer to it than to the black beside it.
      const white = Array.from({ length: width * height }, (_, i) => i)
        .filter((i) => data[i * 4]! > 127 && data[i * 4 + 3]! > 127)
        .map((i) => i % width);
      return { width: Math.max(...white) - Math.min(...white) + 1 };
    });
    await studio.penUp(at);
    const row = await studio.pixels(at.x - box.x - 60, at.y - box.y, 120, 1);
    // A pixel counts as covered when it is nearer to the paint (31, 58, 95) than to the white sheet.
    const covered = Array.from({ length: 120 }, (_, i) => row[i * 4]!).filter((red) => red < 143).length;
    expect(Math.abs(cursor.width - covered), `pressure ${force}`).toBeLessThanOrEqual(2);
  }
});

test('paint is on the canvas when its event has been handled: it waits for no frame', async ({ studio }) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  await studio.settleFrames();
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const redAt = (x: number): Promise<number> =>
    studio.canvas.evaluate(
      (canvas: HTMLCanvasElement, at) => canvas.getContext('2d')!.getImageData(at.x, at.y, 1, 1).data[0]!,
      { x: Math.round(x - box.x), y: Math.round(middle.y - box.y) },
    );
  expect(await redAt(middle.x)).toBe(255);
  // No frame comes as long as the pen is down.
  await page.evaluate(() => {
    Object.assign(window, { kept: window.requestAnimationFrame, requestAnimationFrame: () => 0 });
  });
  await studio.pen([{ ...middle, force: 1 }], false);
  for (const dx of [30, 60, 90, 120]) {
    await page.waitForTimeout(20);
    await studio.move({ x: middle.x + dx, y: middle.y, force: 1 });
  }
  expect(await redAt(middle.x + 60)).toBeLessThan(60);
  expect(await redAt(middle.x + 180)).toBe(255);
  await page.evaluate(() => {
    Object.assign(window, { requestAnimationFrame: (window as unknown as { kept: unknown }).kept });
  });
  await studio.penUp({ x: middle.x + 120, y: middle.y });
});

test('12: a stroke on a locked layer changes nothing, explains itself and offers the fix', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  await page.getByRole('row', { name: /^Sheet/ }).click();
  const before = await around(studio, middle);
  await studio.pen(line(middle, 40));
  await expect(studio.status).toContainText('"Sheet" is locked');
  expect(await around(studio, middle)).toBe(before);
  // It is not said of another layer.
  await page.getByRole('row', { name: /^Layer 1/ }).click();
  await expect(studio.status).not.toContainText('is locked');
  await page.getByRole('row', { name: /^Sheet/ }).click();
  await studio.pen(line(middle, 40));
  await studio.status.getByRole('button', { name: 'Unlock' }).click();
  await studio.pen(line(middle, 40));
  expect(await around(studio, middle)).not.toBe(before);
});

test('18: Alt takes the colour that is seen; colours are noted only when they are painted with', async ({
  studio,
}) => {
  const { page } = studio;
  const middle = await studio.middle();
  const field = page.getByLabel('Colour, hexadecimal');
  await field.fill('#c7442e');
  await field.press('Enter');
  await page.getByLabel('Size, exact').fill('60');
  await page.getByLabel('Size, exact').press('Enter');
  await studio.pen(line(middle, 40, 1));
  await field.fill('#00ff00');
  await field.press('Enter');
  await page.keyboard.down('Alt');
  await page.mouse.click(middle.x + 20, middle.y);
  await page.keyboard.up('Alt');
  await expect(field).toHaveValue('#C7442E');
  await page.getByRole('tab', { name: 'Swatches' }).click();
  await expect(page.getByRole('button', { name: '#c7442e' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: '#00ff00' })).toHaveCount(0);
});

test('19: brackets go by position on a German keyboard; typing in the prompt chooses no tool', async ({
  studio,
}) => {
  const { page } = studio;
  const press = (key: string, code: string): Promise<void> =>
    page.evaluate(
      ([k, c]) => {
        document.body.dispatchEvent(
          new KeyboardEvent('keydown', { key: k, code: c, bubbles: true, cancelable: true }),
        );
      },
      [key, code] as const,
    );
  await press('ü', 'BracketLeft');
  await expect(page.getByLabel('Size, exact')).toHaveValue('22');
  await press('+', 'BracketRight');
  await expect(page.getByLabel('Size, exact')).toHaveValue('24');
  await expect(studio.layers).toHaveCount(2);
  await studio.prompt.pressSequentially('even a big house');
  await expect(page.getByRole('button', { name: 'Brush', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.mouse.move(500, 300);
  const middle = await studio.middle();
  await studio.pen(line(middle, 8));
  await studio.tap('e');
  await expect(page.getByRole('button', { name: 'Eraser' })).toHaveAttribute('aria-pressed', 'true');
});

test('20: the wheel zooms at the pointer, two fingers on a trackpad pan', async ({ studio }) => {
  const { page } = studio;
  const middle = await studio.middle();
  const mark = { x: middle.x - 90, y: middle.y - 50 };
  await studio.pen([mark, { x: mark.x + 1, y: mark.y }]);
  const box = (await studio.canvas.boundingBox())!;
  const findMark = async (): Promise<Reading> => {
    const [width, height] = [300, 300];
    const left = mark.x - box.x - 150;
    const top = mark.y - box.y - 150;
    const data = await studio.pixels(left, top, width, height);
    let [sumX, sumY, count] = [0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      if (data[i * 4]! > 100) continue;
      sumX += i % width;
      sumY += Math.floor(i / width);
      count++;
    }
    return { x: sumX / count, y: sumY / count };
  };
  const before = await findMark();
  await page.mouse.move(mark.x, mark.y);
  await page.mouse.wheel(0, -120);
  await expect(studio.canvas).not.toHaveAccessibleName(/58%/);
  const after = await findMark();
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThanOrEqual(1);
  await page.mouse.wheel(15, 20);
  const panned = await findMark();
  expect(panned.x - after.x).toBeCloseTo(-15, 0);
  expect(panned.y - after.y).toBeCloseTo(-20, 0);
});

test('a selection keeps paint, fills and clearing inside; Deselect lets them out again', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  const { x, y } = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const red = async (dx: number, dy: number): Promise<number> =>
    (await studio.pixels(x + dx - box.x, y + dy - box.y, 1, 1))[0]!;
  await page.getByRole('button', { name: 'Select rectangle' }).click();
  await page.mouse.move(x - 100, y - 60);
  await page.mouse.down();
  await page.mouse.move(x + 100, y + 60, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Brush', exact: true }).click();
  await studio.pen(line({ x: x - 200, y }, 400, 1));
  expect(await red(-150, 0)).toBe(255);
  expect(await red(0, 0)).toBeLessThan(60);
  expect(await red(150, 0)).toBe(255);

  await page
    .getByRole('toolbar', { name: 'Tools' })
    .getByRole('button', { name: 'Fill', exact: true })
    .click();
  await page.mouse.click(x, y + 50);
  expect(await red(0, 50)).toBeLessThan(60);
  expect(await red(0, 70)).toBe(255);

  await page.keyboard.press('Delete');
  expect(await red(0, 0)).toBe(255);
  await page.keyboard.press('Control+z');
  expect(await red(0, 0)).toBeLessThan(60);

  await page.getByRole('button', { name: 'Brush', exact: true }).click();
  await studio.pen(line({ x: x - 250, y: y + 120 }, 80, 1));
  await expect(studio.status).toContainText('outside the selection');
  await studio.status.getByRole('button', { name: 'Deselect' }).click();
  await studio.pen(line({ x: x - 250, y: y + 120 }, 80, 1));
  expect(await red(-200, 120)).toBeLessThan(60);
});

test('Shift and a click draw a straight line from where the last stroke ended', async ({ studio }) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  const { x, y } = await studio.middle();
  await page.mouse.click(x - 150, y - 60);
  await page.keyboard.down('Shift');
  await page.mouse.click(x + 150, y + 60);
  await page.keyboard.up('Shift');
  await page.mouse.move(4, 4);
  const box = (await studio.canvas.boundingBox())!;
  for (let i = -6; i <= 6; i++) {
    const at = { x: x + i * 20 - box.x, y: y + i * 8 - box.y };
    const [red = 255] = await studio.pixels(Math.round(at.x), Math.round(at.y), 1, 1);
    expect(red, `at ${i}`).toBeLessThan(60);
  }
});

test('16: after a reload undo still walks back more than 200 steps', async ({ studio }) => {
  test.setTimeout(600_000);
  const { page } = studio;
  await page.getByLabel('Size, exact').fill('6');
  await page.getByLabel('Size, exact').press('Enter');
  const { x, y } = await studio.middle();
  const blank = await around(studio, { x, y }, 200);
  await studio.dabs(
    Array.from({ length: 205 }, (_, i) => ({
      x: x - 150 + (i % 20) * 15,
      y: y - 90 + Math.floor(i / 20) * 15,
      force: 1,
    })),
  );
  await studio.saved();
  const full = await around(studio, { x, y }, 200);
  await page.reload();
  await studio.ready();
  await expect(studio.status).toContainText('Restored 205 steps');
  expect(await around(studio, { x, y }, 200)).toBe(full);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('option', { name: 'Brush stroke', selected: true })).toBeInViewport();
  await page.keyboard.down('Control');
  for (let i = 0; i < 204; i++) await page.keyboard.press('z');
  await page.keyboard.up('Control');
  await expect(page.getByRole('option', { name: 'Brush stroke', selected: true })).toHaveCount(1);
  await page.keyboard.press('Control+z');
  // Each step comes from the file, and the keys may be far ahead of it.
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled({ timeout: 300_000 });
  expect(await around(studio, { x, y }, 200)).toBe(blank);
});
