import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openInputStore } from '../../../../../main/generation/inputs/input-store.ts';
import { scratchFolder } from '../../../../fixtures/scratch-folder.ts';

const folder = scratchFolder();
const store = openInputStore(folder);
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fileOf = (key: string): string => join(folder, 'inputs', `${key}.png`);
const pixels = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(bytes));

test('pictures and masks come back to the byte, to a later store too', async () => {
  const [rgba, coverage] = [pixels(5 * 3 * 4), pixels(5 * 3)];
  await store.keepPicture({ width: 5, height: 3, rgba }, hash(rgba));
  await store.keepMask({ width: 5, height: 3, coverage }, hash(coverage));
  const later = openInputStore(folder);
  expect(await later.picture(hash(rgba))).toEqual({ width: 5, height: 3, rgba });
  const mask = await later.mask(hash(coverage));
  expect(mask).toMatchObject({ width: 5, height: 3 });
  expect(mask!.rgba.filter((_, i) => i % 4 === 3)).toEqual(coverage);
  expect(await later.picture('a'.repeat(64))).toBeNull();
});

test('a file that holds other pixels than its name says is not there', async () => {
  const [one, other] = [pixels(64), pixels(64)];
  await store.keepPicture({ width: 4, height: 4, rgba: one }, hash(one));
  await store.keepPicture({ width: 4, height: 4, rgba: other }, hash(other));
  copyFileSync(fileOf(hash(other)), fileOf(hash(one)));
  writeFileSync(fileOf(hash(other)), 'no picture');
  expect(await store.picture(hash(one))).toBeNull();
  expect(await store.picture(hash(other))).toBeNull();
});

test('names that are no hash are refused: they become file names', async () => {
  await expect(store.keepPicture({ width: 1, height: 1, rgba: pixels(4) }, '../x')).rejects.toThrow(
    TypeError,
  );
});
