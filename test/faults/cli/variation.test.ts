import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecipes } from '../../../main/documents/png-recipe.ts';
import { decodePicture } from '../../../main/documents/png.ts';
import { createWorkplace, type Workplace } from './run-impasto.ts';

const SIZE = 64;

let place: Workplace;
const file = (name: string): string => join(place.folder, name);
beforeAll(async () => {
  place = createWorkplace();
  const half = new Uint8Array(SIZE * SIZE).map((_, i) => (i % SIZE < SIZE / 2 ? 255 : 0));
  await sharp(half, { raw: { width: SIZE, height: SIZE, channels: 1 } })
    .png()
    .toFile(file('left.png'));
  writeFileSync(file('torn.png'), readFileSync(file('left.png')).subarray(0, 60));
  await generate('base.png', ['--prompt', 'a small red fox in the deep snow at dawn']);
});
afterAll(() => place.remove());

/** Runs a command that has to succeed, and gives its JSON. */
async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const end = await place.impasto([...args, '--json']);
  expect(end.code, end.stderr).toBe(0);
  return JSON.parse(end.stdout) as Record<string, unknown>;
}
const generate = (name: string, options: readonly string[]) =>
  json([
    'generate',
    '--steps',
    '8',
    '--seed',
    '3',
    '--width',
    '64',
    '--height',
    '64',
    '--out',
    name,
    ...options,
  ]);

test('a variation within a part keeps the rest to the bit, can be made again, and says where it differs', async () => {
  await json([
    'vary',
    'base.png',
    '--strong',
    '--within',
    'left.png',
    '--prompt',
    'a hill',
    '--out',
    'part.png',
  ]);
  const [base, part] = await Promise.all(
    ['base.png', 'part.png'].map((name) => decodePicture(readFileSync(file(name)))),
  );
  const differing = [...part!.rgba].flatMap((value, i) => (value === base!.rgba[i] ? [] : [(i >> 2) % SIZE]));
  expect(differing.length).toBeGreaterThan(0);
  expect(Math.max(...differing)).toBeLessThan(SIZE / 2);
  const again = await place.impasto(['replay', 'part.png']);
  expect(again.stdout).toContain('equal to the bit');
});

test.each([
  ['torn.png', /torn\.png/],
  ['absent.png', /absent\.png/],
])('%s is no part to vary within', async (mask, words) => {
  const end = await place.impasto(['vary', 'base.png', '--within', mask, '--out', 'bad.png']);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toMatch(words);
});

test('a picture that has to be done in time gives way, and its recipe says what', async () => {
  const eased = await generate('quick.png', ['--prompt', 'a ship', '--steps', '60', '--done-within', '0.1']);
  expect(eased).toMatchObject({ recipe: { eased: { within: 0.1, asked: { steps: 60 } } } });
  const [note] = readRecipes(readFileSync(file('quick.png')));
  expect(note!.recipe.steps).toBeLessThan(60);
  expect((await place.impasto(['replay', 'quick.png'])).stdout).toContain('equal to the bit');
});

test('a picture begun as a near one says so, and is compared with the exact one', async () => {
  const asked = ['--prompt', 'a small red fox in the deep snow at dusk', '--approximate-prompt', '15'];
  expect(await generate('near.png', asked)).toMatchObject({
    recipe: {
      approximations: { prompts: { begunAs: 'a small red fox in the deep snow at dawn' } },
    },
  });
  const compared = await json(['replay', 'near.png', '--exact', '--out', 'exact.png']);
  expect(compared).toMatchObject({ equal: false, difference: { psnr: expect.any(Number) } });
  const again = await place.impasto(['replay', 'exact.png', '--exact']);
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain('Nothing of exact.png is approximate');
});
