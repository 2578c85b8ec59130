import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/test.ts';
import { dynamics, roundTip, writeAbr } from '../fixtures/write-abr.ts';
import type { Reading, StudioPage } from './support/studio-page.ts';

const MYB = JSON.stringify({
  version: 3,
  settings: {
    radius_logarithmic: { base_value: 2.2, inputs: {} },
    hardness: { base_value: 0.9, inputs: {} },
    tracking_noise: { base_value: 0.5, inputs: {} },
  },
});

function line({ x, y }: Reading, length: number, force = 0.8): Reading[] {
  return Array.from({ length: length / 4 + 1 }, (_, i) => ({ x: x + i * 4, y, force }));
}

/** Dark pixels in a rectangle around a place, CSS px at 100%. */
async function dark(studio: StudioPage, at: Reading, reach: number): Promise<number> {
  const box = (await studio.canvas.boundingBox())!;
  const data = await studio.pixels(at.x - box.x - reach, at.y - box.y - reach, reach * 2, reach * 2);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i]! < 128) count++;
  return count;
}

test('the brush editor changes parameters and curves live, and keeps own brushes across a reload', async ({
  studio,
  process,
}) => {
  const { page } = studio;
  // Strokes of a list are drawn as they come into sight.
  const last = page.getByRole('listbox', { name: 'Brushes' }).getByRole('option').last();
  await last.scrollIntoViewIfNeeded();
  await expect
    .poll(() =>
      last.locator('.stroke-preview').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value > 0);
      }),
    )
    .toBe(true);
  await page.keyboard.press('F5');
  const editor = page.getByRole('region', { name: 'Brush editor' });
  await expect(editor).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor).toBeHidden();
  await page.keyboard.press('F5');
  const preview = (): Promise<string> =>
    editor.locator('.stroke-preview').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const blank = await page.evaluate(() => {
    const { width, height } = document.querySelector<HTMLCanvasElement>('.brush-editor .stroke-preview')!;
    return Object.assign(document.createElement('canvas'), { width, height }).toDataURL();
  });
  await expect.poll(preview).not.toBe(blank);
  const before = await preview();
  await editor.getByRole('textbox', { name: 'Scatter, exact' }).fill('200');
  await editor.getByRole('textbox', { name: 'Scatter, exact' }).press('Enter');
  await expect.poll(preview).not.toBe(before);
  await editor.getByLabel('Name, Enter renames').fill('Gravel');
  await editor.getByRole('button', { name: 'Save as new' }).click();
  await expect(page.getByRole('option', { name: 'Gravel' })).toBeVisible();

  await editor.getByRole('tab', { name: 'Dynamics' }).click();
  const scattered = await preview();
  const handle = editor.getByRole('slider', { name: 'Size by pressure, point 1' });
  await handle.focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowUp');
  await expect(handle).toHaveAttribute('aria-valuetext', /gives (7|8)\d%/);
  await expect.poll(preview).not.toBe(scattered);
  await editor.getByRole('button', { name: 'Let opacity follow another sensor' }).click();
  await expect(editor.getByRole('group', { name: 'Opacity by pressure' })).toBeVisible();
  const axe = await new AxeBuilder({ page }).include('.brush-editor').analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await expect
    .poll(async () => {
      const file = join(process.folder, 'data/brushes/my-gravel.json');
      return JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as unknown;
    })
    .toMatchObject({ name: 'Gravel', scatter: 2, dynamics: { opacity: [{ sensor: 'pressure' }] } });
  await page.reload();
  await studio.ready();
  await expect(page.getByRole('option', { name: 'Gravel' })).toHaveCount(1);
  await page.keyboard.press('F5');
  await page.getByRole('region', { name: 'Brush editor' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('option', { name: 'Gravel' })).toHaveCount(0);
  // What was changed went with the new brush: the one that ships is as it was.
  await expect(
    page.getByRole('region', { name: 'Brush editor' }).getByRole('button', { name: 'Reset' }),
  ).toBeDisabled();
  await expect.poll(() => readdir(join(process.folder, 'data/brushes'))).toEqual([]);
});

test('brushes of Photoshop and MyPaint come in by dropping them; what is left out is said', async ({
  studio,
}) => {
  const { page } = studio;
  const abr = writeAbr(
    [{ id: '$t', width: 24, height: 24, alpha: new Uint8Array(576).fill(255) }],
    [
      {
        class: 'brushPreset',
        items: {
          'Nm  ': 'Square',
          Brsh: {
            class: 'sampledBrush',
            items: {
              Dmtr: { pixels: 24 },
              Angl: { angle: 0 },
              Rndn: { percent: 100 },
              Spcn: { percent: 25 },
              Intr: true,
              flipX: false,
              flipY: false,
              'Nm  ': '',
              sampledData: '$t',
            },
          },
          Spcn: { percent: 25 },
          Wtdg: false,
          Nose: true,
        },
      },
      {
        class: 'brushPreset',
        items: {
          'Nm  ': 'Plain',
          Brsh: roundTip(),
          Spcn: { percent: 9 },
          Wtdg: false,
          Nose: false,
          useTipDynamics: false,
          szVr: dynamics(0),
        },
      },
    ],
  );
  const drop = async (name: string, base64: string): Promise<void> =>
    page.evaluate(
      ({ fileName, text }) => {
        const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], fileName));
        document.body.dispatchEvent(
          new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }),
        );
      },
      { fileName: name, text: base64 },
    );
  await drop('set.abr', Buffer.from(abr).toString('base64'));
  await expect(studio.status).toContainText('Imported 2 brushes. 1 of them only in part.');
  await studio.status.getByRole('button', { name: 'What is left out' }).click();
  await expect(page.getByRole('dialog', { name: 'What is left out' })).toContainText('Noise is left out.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+1');
  const middle = await studio.middle();
  await studio.pen([middle, { ...middle, x: middle.x + 0.4 }]);
  // A square of 24 × 24, not a disc of 452.
  await expect.poll(() => dark(studio, middle, 30)).toBeGreaterThan(560);

  await drop('tip.myb', Buffer.from(MYB).toString('base64'));
  await expect(studio.status).toContainText('Imported 1 brush, tip.');
  await drop('bad.myb', Buffer.from('{').toString('base64'));
  await expect(studio.status).toContainText('bad.myb: This brush file cannot be read');
});

test('Y mirrors strokes about the middle; the erasing brush and the pulled string do what they say', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  const middle = await studio.middle();
  await studio.tap('y');
  await studio.pen(line({ x: middle.x + 60, y: middle.y - 40 }, 40));
  const mirrored = { x: middle.x - 80, y: middle.y - 40 };
  await expect.poll(() => dark(studio, mirrored, 20)).toBeGreaterThan(100);
  await studio.tap('y');
  await studio.pen(line({ x: middle.x + 60, y: middle.y + 60 }, 40));
  await expect.poll(() => dark(studio, { x: middle.x - 80, y: middle.y + 60 }, 20)).toBe(0);

  await page.keyboard.press('Shift+E');
  await studio.pen(line({ x: middle.x + 50, y: middle.y + 60 }, 60, 1));
  await expect.poll(() => dark(studio, { x: middle.x + 80, y: middle.y + 60 }, 20)).toBe(0);
  await page.keyboard.press('Shift+E');

  await page.getByRole('button', { name: 'Smoothing' }).click();
  const popup = page.getByRole('dialog', { name: 'Smoothing' });
  await popup.getByRole('button', { name: /Average/ }).click();
  await page.getByRole('option', { name: 'Pulled string' }).click();
  await popup.getByRole('textbox', { name: /String/ }).fill('80');
  await popup.getByRole('textbox', { name: /String/ }).press('Enter');
  await page.keyboard.press('Escape');
  const start = { x: middle.x - 60, y: middle.y + 120 };
  await studio.pen(line(start, 120), false);
  await studio.settleFrames();
  // The tip is 80 px behind the pen, and the string between them is drawn.
  await expect.poll(() => dark(studio, { x: start.x + 100, y: start.y }, 10)).toBe(0);
  await expect.poll(() => dark(studio, { x: start.x + 20, y: start.y }, 10)).toBeGreaterThan(50);
  const drawn = await page.getByTestId('aids').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return data.some((value, i) => i % 4 === 3 && value > 0);
  });
  expect(drawn).toBe(true);
  await studio.penUp({ x: start.x + 120, y: start.y });
  await expect.poll(() => dark(studio, { x: start.x + 100, y: start.y }, 10)).toBeGreaterThan(50);
});

test('an airbrush goes on while the pen rests; a pressure curve changes what brushes see @alone', async ({
  studio,
}) => {
  const { page } = studio;
  await page.keyboard.press('Control+1');
  await page.getByRole('option', { name: 'Airbrush' }).click();
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  const grey = async ({ x, y }: Reading): Promise<number> =>
    (await studio.pixels(x - box.x, y - box.y, 1, 1))[0]!;
  // Down and up in one go, beside a pen that stays.
  const touched = { x: middle.x, y: middle.y - 150 };
  await Promise.all([studio.pen([{ ...touched, force: 1 }], false), studio.penUp(touched)]);
  const once = await grey(touched);
  expect(once).toBeLessThan(255);
  await studio.pen([{ ...middle, force: 1 }], false);
  await expect.poll(() => grey(middle)).toBeLessThan(once - 20);
  await studio.penUp(middle);

  await page.getByRole('option', { name: 'Fineliner' }).click();
  await page.getByRole('option', { name: 'Round', exact: true }).click();
  await page.getByRole('button', { name: 'Pen pressure' }).click();
  const popup = page.getByRole('dialog', { name: 'Pen pressure' });
  await popup.getByRole('button', { name: 'Measure mine' }).click();
  const field = (await popup.getByRole('img', { name: /more strokes here/ }).boundingBox())!;
  // A light hand: pressures from 0.1 to 0.4.
  for (let stroke = 0; stroke < 5; stroke++) {
    await studio.pen(
      Array.from({ length: 12 }, (_, i) => ({
        x: field.x + 20 + i * 10,
        y: field.y + 20 + stroke * 8,
        force: 0.1 + i * 0.027,
      })),
    );
  }
  await expect(
    popup.getByText(/Measured: what you press from 1\d% to (3|4)\d% is now the whole range/),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await studio.pen([
    { x: middle.x + 150, y: middle.y, force: 0.4 },
    { x: middle.x + 150.5, y: middle.y, force: 0.4 },
  ]);
  // Full size at what was measured as full: a disc of 24 px, about 450 px.
  await expect.poll(() => dark(studio, { x: middle.x + 150, y: middle.y }, 20)).toBeGreaterThan(380);
});
