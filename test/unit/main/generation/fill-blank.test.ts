import { expect, test } from 'vitest';
import { fillBlank } from '../../../../main/generation/fill-blank.ts';
import { growPicture } from '../../../../main/generation/outpaint.ts';

const all = (count: number): Uint8Array => new Uint8Array(count).fill(255);

function picture(width: number, height: number, pixel: (x: number, y: number) => readonly number[]) {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) rgba.set(pixel(i % width, Math.floor(i / width)), i * 4);
  return { width, height, rgba };
}

test('blank paper takes the colour that surrounds it; paint keeps its bits', () => {
  const holed = picture(19, 13, (x, y) => (x > 4 && x < 12 && y > 3 ? [9, 9, 9, 0] : [200, 100, 50, 255]));
  const filled = fillBlank(holed, all(19 * 13));
  for (let i = 0; i < 19 * 13; i += 1) {
    expect([...filled.rgba.subarray(4 * i, 4 * i + 4)]).toEqual([200, 100, 50, 255]);
  }
});

test('between two colours it goes from one to the other and never beyond them', () => {
  const sides = picture(64, 8, (x) => (x < 8 ? [0, 40, 0, 255] : x >= 56 ? [200, 40, 0, 255] : [0, 0, 0, 0]));
  const { rgba } = fillBlank(sides, all(64 * 8));
  const row = Array.from({ length: 64 }, (_, x) => rgba[4 * (4 * 64 + x)]!);
  expect(Math.min(...row)).toBe(0);
  expect(Math.max(...row)).toBe(200);
  for (let x = 1; x < 64; x += 1) expect(row[x]).toBeGreaterThanOrEqual(row[x - 1]! - 12);
  expect(row[32]).toBeGreaterThan(40);
  expect(row[32]).toBeLessThan(160);
  expect([...rgba].filter((_, i) => i % 4 === 1).every((green) => green === 40)).toBe(true);
});

test('what is not to be painted stays, to the bit, and so does a picture without paint', () => {
  const half = picture(8, 8, (x) => (x < 4 ? [10, 20, 30, 128] : [1, 2, 3, 0]));
  const where = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 6 ? 0 : 255));
  const filled = fillBlank(half, where);
  for (let i = 0; i < 64; i += 1) {
    const [before, after] = [half, filled].map(({ rgba }) => [...rgba.subarray(4 * i, 4 * i + 4)]);
    if (i % 8 < 6) expect(after).toEqual(before);
    else expect(after).toEqual([10, 20, 30, 255]);
  }
  const blank = picture(5, 5, () => [7, 7, 7, 0]);
  expect(fillBlank(blank, all(25))).toBe(blank);
});

test('a grown picture lies where its borders say, and only they are covered', () => {
  const small = picture(2, 1, (x) => [x + 1, 0, 0, 255]);
  const { raster, coverage } = growPicture(small, { left: 1, top: 2, right: 3, bottom: 0 }, 6, 3);
  expect([...coverage]).toEqual([...Array.from({ length: 12 }, () => 255), 255, 0, 0, 255, 255, 255]);
  expect([...raster.rgba.subarray(4 * 13, 4 * 15)]).toEqual([1, 0, 0, 255, 2, 0, 0, 255]);
  expect(raster.rgba.reduce((sum, value) => sum + value, 0)).toBe(513);
});

test('a size that picture and borders do not add up to is refused with both', () => {
  const small = picture(2, 1, () => [0, 0, 0, 255]);
  expect(() => growPicture(small, { left: 1, top: 0, right: 0, bottom: 0 }, 4, 1)).toThrow(
    '2 × 1 px grown by 1, 0, 0, 0 is 3 × 1, not 4 × 1',
  );
});
