import { readFile, writeFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { initializeCanvas, type Layer, writePsdUint8Array } from 'ag-psd';
import sharp from 'sharp';
import { dropFile } from './support/drop-file.ts';
import { expect, test } from './support/test.ts';
import { gimpFile } from '../fixtures/foreign/gimp-files.ts';
import { kritaFile } from '../fixtures/foreign/krita-files.ts';
import { psdHost } from '../unit/main/documents/exchange/support.ts';
import { buildMatrixProfile, gammaCurve } from '../../main/documents/exchange/build-profile.ts';
import { frameAsTiff } from '../../main/documents/exchange/tiff-frame.ts';
import { readPsd } from '../../renderer/engine/formats/psd/read-psd.ts';

initializeCanvas(
  () => {
    throw new Error('no canvas here');
  },
  (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
);

const solid = (pixel: readonly number[]): NonNullable<Layer['imageData']> => ({
  width: 64,
  height: 48,
  data: Uint8ClampedArray.from({ length: 64 * 48 * 4 }, (_, i) => pixel[i % 4] as number),
});

/** A PSD of another program: a group, a mask, an adjustment and an effect that cannot stay. */
function foreignPsd(): Buffer {
  return Buffer.from(
    writePsdUint8Array({
      width: 64,
      height: 48,
      children: [
        { name: 'Grund', imageData: solid([200, 60, 30, 255]) },
        {
          name: 'Gruppe',
          blendMode: 'pass through',
          children: [
            { name: 'Blau', imageData: solid([0, 0, 255, 128]), blendMode: 'multiply' },
            { name: 'Umkehren', adjustment: { type: 'invert' } },
          ],
        },
        {
          name: 'Schatten',
          imageData: solid([0, 0, 0, 0]),
          effects: {
            dropShadow: [{ enabled: true, blendMode: 'multiply', color: { r: 0, g: 0, b: 0 }, opacity: 0.5 }],
          },
        },
      ],
    }),
  );
}

test('a PSD is opened with its layers, says what is left out, and goes out again as PSD', async ({
  studio,
}, info) => {
  const { page } = studio;
  const psd = info.outputPath('poster.psd');
  await writeFile(psd, foreignPsd());
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog', { name: 'Open' }).getByRole('button', { name: 'Picture file…' }).click();
  await (await chooser).setFiles(psd);
  await expect(studio.canvas).toHaveAccessibleName(/^poster, 64 by 48/);
  await expect(studio.layers).toHaveCount(5);
  await expect(studio.status).toContainText(
    '1 of 5 layers uses what cannot stay editable: Drop Shadow ("Schatten")',
  );
  await studio.status.getByRole('button', { name: 'Which' }).click();
  await expect(page.getByRole('dialog', { name: 'What is left out' })).toContainText('poster.psd');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+s');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByLabel('What the file will not hold')).toContainText('5 layers become one picture');
  const found = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(found.violations).toEqual([]);
  await page.screenshot({ path: info.outputPath('export.png') });
  await dialog.getByRole('button', { name: /^PNG Format|Format/ }).click();
  await page.getByRole('option', { name: 'Photoshop (PSD)' }).click();
  await expect(dialog.getByLabel('What the file will not hold')).toContainText('It holds everything.');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const out = info.outputPath('out.psd');
  await (await download).saveAs(out);
  const back = await readPsd(new Uint8Array(await readFile(out)), psdHost);
  expect(back.layers.map(({ record }) => record.name)).toEqual(['Grund', 'Gruppe', 'Schatten']);
  expect(back.layers[1]?.children.map(({ record }) => [record.name, record.kind])).toEqual([
    ['Blau', 'paint'],
    ['Umkehren', 'adjustment'],
  ]);
  await expect(studio.status).toContainText('Exported poster.psd');
});

test('the soft proof shows what a press prints and how much it cannot', async ({ studio }, info) => {
  const { page } = studio;
  await studio.newDocument('proof', 120, 80);
  studio.watch('proof');
  const green = await sharp({ create: { width: 60, height: 80, channels: 4, background: '#00ff00' } })
    .png()
    .toBuffer();
  await page.evaluate((data) => {
    const transfer = new DataTransfer();
    transfer.items.add(
      new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], 'g.png', { type: 'image/png' }),
    );
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, green.toString('base64'));
  await expect(studio.layers.filter({ hasText: /^g/ })).toHaveCount(1);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('searchbox').fill('soft proof');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Soft proof' });
  await expect(dialog).toContainText('General CMYK: 50.0% of the picture cannot be printed as it is');
  await expect(dialog.getByRole('img')).toBeVisible();
  const found = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(found.violations).toEqual([]);
  // The canvas itself: the left half, which no press prints, is grey; without the warning it is a duller green.
  const stored = await studio.storedHash();
  const left = async (): Promise<number[]> => {
    const middle = await studio.middle();
    const box = (await studio.canvas.boundingBox())!;
    const zoom = Number(/(\d+)%/.exec((await studio.canvas.getAttribute('aria-label'))!)![1]) / 100;
    return [...(await studio.pixels(middle.x - box.x - 30 * zoom, middle.y - box.y, 1, 1))];
  };
  expect(await left()).toEqual([0, 255, 0, 255]);
  await dialog.getByText('Proof colours on the canvas').click();
  await expect.poll(left).toEqual([128, 128, 128, 255]);
  await dialog.getByText('Gamut warning').click();
  await expect
    .poll(async () => {
      const [red = 0, green = 0] = await left();
      return green > red + 20 && green < 250;
    })
    .toBe(true);
  await page.screenshot({ path: info.outputPath('proof.png') });
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Proof colours: General CMYK')).toBeVisible();
  await page.screenshot({ path: info.outputPath('proof-colours.png') });
  expect(await studio.storedHash()).toBe(stored);
  // What was proofed is what an export to the press makes of it.
  await page.keyboard.press('Control+Shift+s');
  const saving = page.getByRole('dialog', { name: 'Export' });
  await saving.getByRole('button', { name: /Format/ }).click();
  await page.getByRole('option', { name: 'TIFF' }).click();
  await saving.getByRole('button', { name: /Profile$/ }).click();
  await page.getByRole('option', { name: 'CMYK of a press' }).click();
  await expect(saving).toContainText('General CMYK');
  const labelled = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(labelled.violations).toEqual([]);
  await page.screenshot({ path: info.outputPath('export-press.png') });
  const download = page.waitForEvent('download');
  await saving.getByRole('button', { name: 'Export', exact: true }).click();
  const printed = info.outputPath('printed.tif');
  await (await download).saveAs(printed);
  expect((await sharp(printed).metadata()).space).toBe('cmyk');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('searchbox').fill('proof colours');
  await page.keyboard.press('Enter');
  await expect.poll(left).toEqual([0, 255, 0, 255]);
  await expect(page.getByText('Proof colours: General CMYK')).toHaveCount(0);
});

test('a picture in another colour space looks as its profile means it, and keeps its numbers', async ({
  studio,
}, info) => {
  const { page } = studio;
  // Wide enough for the navigator.
  await page.setViewportSize({ width: 1920, height: 1080 });
  // Adobe RGB (1998): primaries of its section 4.3.1, gamma 563/256.
  const adobe = buildMatrixProfile(
    { white: [0.3127, 0.329], red: [0.64, 0.33], green: [0.21, 0.71], blue: [0.15, 0.06] },
    gammaCurve(563 / 256),
  );
  const pixel = { r: 120, g: 180, b: 100 };
  const numbers = sharp({ create: { width: 640, height: 480, channels: 3, background: pixel } });
  const raw = await numbers.raw().toBuffer();
  const framed = frameAsTiff(raw, { width: 640, height: 480 }, 'rgb', adobe);
  const file = info.outputPath('adobe.png');
  await sharp(framed, { ignoreIcc: true }).keepIccProfile().png().toFile(file);
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog', { name: 'Open' }).getByRole('button', { name: 'Picture file…' }).click();
  await (await chooser).setFiles(file);
  await expect(studio.canvas).toHaveAccessibleName(/^adobe, 640 by 480/);
  // What Little CMS 2.14 (transicc) makes of it in sRGB is 81, 181, 94.
  await expect
    .poll(async () => {
      const middle = await studio.middle();
      const box = (await studio.canvas.boundingBox())!;
      const [red = 0, green = 0, blue = 0] = await studio.pixels(middle.x - box.x, middle.y - box.y, 1, 1);
      return Math.max(Math.abs(red - 81), Math.abs(green - 181), Math.abs(blue - 94));
    })
    .toBeLessThanOrEqual(3);
  const off = ([red = 0, green = 0, blue = 0]: readonly number[]): number =>
    Math.max(Math.abs(red - 81), Math.abs(green - 181), Math.abs(blue - 94));
  // Small pictures of it look the same.
  for (const small of ['.navigator canvas', '.thumb.pixels'])
    await expect
      .poll(async () => {
        const canvas = page.locator(small).first();
        return off(
          await canvas.evaluate((element: HTMLCanvasElement) => [
            ...element.getContext('2d')!.getImageData(element.width / 2, element.height / 2, 1, 1).data,
          ]),
        );
      })
      .toBeLessThanOrEqual(3);
  // The eyedropper takes the numbers, of which its loupe and the colour in hand show the look.
  const point = await studio.middle();
  await page.keyboard.press('i');
  await page.mouse.move(point.x, point.y);
  await page.mouse.down();
  await page.screenshot({ path: info.outputPath('adobe-rgb.png') });
  await page.mouse.up();
  await expect(page.getByText('Painting with #78b464')).toBeAttached();
  const look = await page
    .locator('.swatch.own')
    .evaluate((swatch) => getComputedStyle(swatch).backgroundColor);
  expect(off(look.match(/\d+/g)!.map(Number))).toBeLessThanOrEqual(3);
  await page.keyboard.press('Control+Shift+c');
  await expect(studio.status).toContainText('Copied 640 × 480 pixels');
  // A file of it keeps the numbers and the profile.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('searchbox').fill('export');
  await page.keyboard.press('Enter');
  const saved = page.waitForEvent('download');
  await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'Export' }).click();
  const out = await (await saved).path();
  expect(Buffer.compare((await sharp(out).metadata()).icc!, Buffer.from(adobe!))).toBe(0);
  expect([...(await sharp(out, { ignoreIcc: true }).removeAlpha().raw().toBuffer()).subarray(0, 3)]).toEqual([
    120, 180, 100,
  ]);
  // Another document, whose numbers are sRGB, is shown as it is.
  await studio.newDocument('plain', 640, 480);
  await studio.canvas.focus();
  const middle = await studio.middle();
  const box = (await studio.canvas.boundingBox())!;
  await expect
    .poll(async () => [...(await studio.pixels(middle.x - box.x, middle.y - box.y, 1, 1))])
    .toEqual([255, 255, 255, 255]);
  // What was copied looks there as it did.
  await page.keyboard.press('Control+Shift+v');
  await expect(studio.layers.filter({ hasText: 'Pasted' })).toHaveCount(1);
  await expect
    .poll(async () => off([...(await studio.pixels(middle.x - box.x, middle.y - box.y, 1, 1))]))
    .toBeLessThanOrEqual(3);
});

test('documents of Krita and GIMP that are dropped open with their layers, a damaged one is a sentence', async ({
  studio,
}, info) => {
  const { page } = studio;
  await studio.newDocument('before', 64, 64);
  await dropFile(studio, 'inherited-alpha.kra', kritaFile('inherited-alpha'));
  await expect(studio.canvas).toHaveAccessibleName(/^inherited-alpha, 90 by 70/);
  await expect(studio.layers.filter({ hasText: 'Gruppe Ä' })).toHaveCount(1);
  await expect(studio.layers.filter({ hasText: 'masked' })).toHaveCount(1);
  await page.screenshot({ path: info.outputPath('krita.png') });
  await dropFile(studio, 'layers.xcf', gimpFile('layers'));
  await expect(studio.canvas).toHaveAccessibleName(/^layers, 90 by 70/);
  await expect(studio.layers.filter({ hasText: 'Über 基' })).toHaveCount(1);
  await expect(studio.layers.filter({ hasText: 'inside' })).toHaveCount(1);
  await page.screenshot({ path: info.outputPath('gimp.png') });
  await dropFile(studio, 'cut.xcf', gimpFile('layers').subarray(0, 900));
  await expect(studio.status).toContainText('cut.xcf cannot be read: it is cut off');
  await expect(studio.canvas).toHaveAccessibleName(/^layers, 90 by 70/);
});

test('a picture that is dropped or pasted becomes a layer, a damaged file a sentence', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('drop', 200, 100);
  const before = await studio.layers.count();
  const png = await sharp({ create: { width: 20, height: 10, channels: 4, background: '#00ff00' } })
    .png()
    .toBuffer();
  const give = (event: 'drop' | 'paste', name: string, type: string, bytes: Buffer): Promise<void> =>
    page.evaluate(
      ({ kind, fileName, mime, data }) => {
        const transfer = new DataTransfer();
        transfer.items.add(
          new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], fileName, { type: mime }),
        );
        window.dispatchEvent(
          kind === 'drop'
            ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
        );
      },
      { kind: event, fileName: name, mime: type, data: bytes.toString('base64') },
    );
  await give('drop', 'leaf.png', 'image/png', png);
  await expect(studio.layers).toHaveCount(before + 1);
  await expect(studio.layers.filter({ hasText: 'leaf' })).toHaveCount(1);
  await give('paste', 'image.png', 'image/png', png);
  await expect(studio.layers).toHaveCount(before + 2);
  await page.keyboard.press('Control+z');
  await expect(studio.layers).toHaveCount(before + 1);
  await give('drop', 'broken.psd', 'application/octet-stream', foreignPsd().subarray(0, 300));
  await expect(studio.status).toContainText('broken.psd cannot be read');
  await expect(studio.canvas).toHaveAccessibleName(/^drop, 200 by 100/);
  await give('drop', 'notes.txt', 'text/plain', Buffer.from('nothing'));
  await expect(studio.status).toContainText('notes.txt cannot be opened here. Nothing was changed.');
  await give('drop', 'photo.heic', 'image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'));
  await expect(studio.status).toContainText('photo.heic is a HEIC photograph and cannot be opened here.');
  await give('drop', 'empty.png', 'image/png', Buffer.of());
  await expect(studio.status).toContainText('empty.png is empty (0 bytes). Nothing was changed.');
});

test('what is copied is pasted in place, in the middle, and in another document', async ({ studio }) => {
  const { page } = studio;
  await studio.newDocument('from', 200, 100);
  const at = await studio.middle();
  await studio.pen([at, { x: at.x + 60, y: at.y }]);
  await page.keyboard.press('Control+c');
  await expect(studio.status).toContainText(/Copied \d+ × \d+ pixels/);
  const before = await studio.layers.count();
  await page.keyboard.press('Control+x');
  await page.keyboard.press('Control+z');
  await expect(studio.status).toContainText(/Undid Clear/);
  await page.keyboard.press('Control+Shift+v');
  await expect(studio.layers).toHaveCount(before + 1);
  await expect(studio.canvas).toHaveAccessibleName(/layer Pasted 1/);
  await studio.newDocument('to', 120, 80);
  await page.evaluate(() => window.dispatchEvent(new ClipboardEvent('paste', { cancelable: true })));
  await expect(studio.canvas).toHaveAccessibleName(/^to, .*layer Pasted 1/);
});
