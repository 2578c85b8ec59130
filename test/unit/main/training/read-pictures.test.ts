import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { bucketFor, listBuckets } from '../../../../main/training/buckets.ts';
import { readPictures } from '../../../../main/training/read-pictures.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const scratch = scratchFolder();

async function picture(file: string, width: number, height: number, alpha = 1): Promise<void> {
  await sharp({ create: { width, height, channels: 4, background: { r: 255, g: 0, b: 0, alpha } } }).toFile(
    file,
  );
}

test('captions, trigger, order, transparency and bad files', async () => {
  const folder = join(scratch, 'pictures');
  mkdirSync(folder);
  await picture(join(folder, 'b.png'), 300, 300);
  await picture(join(folder, 'a.webp'), 300, 300, 0);
  await picture(join(folder, 'c.jpg'), 640, 320);
  writeFileSync(join(folder, 'b.txt'), '\uFEFFa red\n square \n');
  writeFileSync(join(folder, 'c.txt'), 'My Style, wide');
  writeFileSync(join(folder, 'broken.png'), 'this is no picture');
  writeFileSync(join(folder, 'notes.md'), 'not looked at');
  const { pictures, skipped, uncaptioned } = await readPictures(folder, 256, 64, 'my style');
  expect(pictures.map(({ name, caption }) => [name, caption])).toEqual([
    ['a.webp', 'my style'],
    ['b.png', 'my style, a red square'],
    ['c.jpg', 'My Style, wide'],
  ]);
  expect(pictures.map(({ image }) => [image.width, image.height, image.rgba.length])).toEqual([
    [256, 256, 256 * 256 * 4],
    [256, 256, 256 * 256 * 4],
    [320, 192, 320 * 192 * 4],
  ]);
  expect([...(pictures[0]?.image.rgba.slice(0, 4) ?? [])]).toEqual([255, 255, 255, 255]);
  expect(uncaptioned).toBe(1);
  expect(skipped).toHaveLength(1);
  expect(skipped[0]?.name).toBe('broken.png');
});

test('a folder without a picture that can be read says why', async () => {
  const folder = join(scratch, 'empty');
  await expect(readPictures(folder, 256, 64, null)).rejects.toMatchObject({ code: 'training/no-folder' });
  mkdirSync(folder);
  await expect(readPictures(folder, 256, 64, null)).rejects.toMatchObject({ code: 'training/no-pictures' });
});

test('buckets hold no more cells than the square, and the nearest shape is chosen', () => {
  const buckets = listBuckets(512, 64);
  for (const { width, height } of buckets) {
    expect(width * height).toBeLessThanOrEqual(512 * 512);
    expect([width % 64, height % 64]).toEqual([0, 0]);
  }
  expect(bucketFor(100, 100, buckets)).toEqual({ width: 512, height: 512 });
  expect(bucketFor(3000, 2000, buckets)).toEqual({ width: 640, height: 384 });
  expect(bucketFor(500, 2000, buckets)).toEqual({ width: 320, height: 768 });
  expect(bucketFor(2000, 3000, buckets)).toMatchObject({ height: 640 });
});
