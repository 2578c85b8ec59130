import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecipes } from '../../../main/documents/png-recipe.ts';
import { decodePicture, encodePng } from '../../../main/documents/png.ts';
import { createWorkplace, type Workplace } from './run-impasto.ts';

const SIZE = 128;

let place: Workplace;
const file = (name: string): string => join(place.folder, name);

/** A grey picture of which a rectangle is lighter. */
async function block(name: string, light: number, dark: number, rect: readonly number[]): Promise<void> {
  const [left = 0, top = 0, right = 0, bottom = 0] = rect;
  const pixels = new Uint8Array(SIZE * SIZE).map((_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    return x >= left && x < right && y >= top && y < bottom ? light : dark;
  });
  await sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 1 } })
    .png()
    .toFile(file(name));
}

beforeAll(async () => {
  place = createWorkplace();
  await block('init.png', 200, 90, [20, 40, 100, 110]);
  await block('mask.png', 255, 0, [30, 30, 100, 90]);
  await block('left.png', 255, 0, [0, 0, 64, 128]);
});
afterAll(() => place.remove());

async function made(name: string, options: readonly string[]): Promise<void> {
  const what = ['--prompt', 'a red house', '--steps', '4', '--seed', '3'];
  const size = ['--width', String(SIZE), '--height', String(SIZE)];
  const end = await place.impasto(['generate', ...what, ...size, '--out', name, ...options]);
  expect(end.code, end.stderr).toBe(0);
}

test.each([
  ['words', []],
  ['a picture', ['--init', 'init.png', '--strength', '0.6']],
  ['a masked part', ['--image', 'init.png', '--mask', 'mask.png', '--strength', '0.9', '--whole']],
  ['a part by itself', ['--image', 'init.png', '--mask', 'mask.png', '--strength', '0.9']],
  ['words for a part', ['--region', 'left.png:a meadow']],
  ['8 bits', ['--precision', 'int8']],
])('a picture made from %s is made again to the bit', async (what, options) => {
  const name = `${what.replaceAll(' ', '-')}.png`;
  await made(name, options);
  const end = await place.impasto(['replay', name, '--json']);
  expect(JSON.parse(end.stdout)).toMatchObject({ equal: true });
  expect(end.code).toBe(0);
});

test('another picture than the recipe makes is told apart, and a kept input that is gone is named', async () => {
  await made('told.png', ['--init', 'init.png', '--strength', '0.6']);
  const png = readFileSync(file('told.png'));
  const raster = await decodePicture(png);
  raster.rgba[SIZE * 4 * 5] = (raster.rgba[SIZE * 4 * 5] ?? 0) ^ 1;
  writeFileSync(file('changed.png'), await encodePng(raster, readRecipes(png)));
  const changed = await place.impasto(['replay', 'changed.png', '--json']);
  expect(changed.code).toBe(3);
  expect(JSON.parse(changed.stdout)).toMatchObject({ equal: false });

  const inputs = join(place.data, 'inputs');
  const [recipe] = readRecipes(png).map((note) => note.recipe);
  const { sha256 } = (recipe as { init: { sha256: string } }).init;
  expect(readdirSync(inputs)).toContain(`${sha256}.png`);
  rmSync(join(inputs, `${sha256}.png`));
  const gone = await place.impasto(['replay', 'told.png']);
  expect(gone.code).toBe(1);
  expect(gone.stdout + gone.stderr).toContain(sha256);
});
