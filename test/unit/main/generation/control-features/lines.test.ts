import { describe, expect, test } from 'vitest';
import {
  gaussianBlur,
  gaussianKernel,
} from '../../../../../main/generation/control-features/gaussian-blur.ts';
import { drawLines } from '../../../../../main/generation/control-features/lines.ts';
import { edgesOf, paint } from './pictures.ts';

describe('the blur', () => {
  test('has weights that add up to 1, are even, and spread as far as sigma says', () => {
    for (const sigma of [1, 1.6, 4]) {
      const kernel = gaussianKernel(sigma);
      const radius = (kernel.length - 1) / 2;
      expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect([...kernel].toReversed()).toEqual([...kernel]);
      const variance = kernel.reduce((sum, weight, i) => sum + weight * (i - radius) ** 2, 0);
      // Cut off at three sigma, a little of the variance is lost.
      expect(Math.abs(Math.sqrt(variance) / sigma - 1)).toBeLessThan(0.05);
    }
  });

  test('of a point is the product of two Gaussians; of flat colour, flat colour', () => {
    const point = new Float64Array(15 * 11);
    point[5 * 15 + 7] = 1;
    const blurred = gaussianBlur(point, 15, 11, 1);
    const kernel = gaussianKernel(1);
    expect(blurred[5 * 15 + 7]).toBeCloseTo(kernel[3]! ** 2, 12);
    expect(blurred[4 * 15 + 9]).toBeCloseTo(kernel[2]! * kernel[5]!, 12);
    for (const value of gaussianBlur(new Float64Array(35).fill(0.3), 7, 5, 2))
      expect(value).toBeCloseTo(0.3, 12);
  });
});

describe('drawn lines', () => {
  test('run along the dark side of a border, strongest beside it, and nowhere else', () => {
    const lines = edgesOf(drawLines(paint(32, 8, (x) => (x < 16 ? 40 : 220))));
    for (let y = 0; y < 8; y++) {
      const row = [...lines.subarray(32 * y, 32 * y + 32)];
      expect(row.indexOf(Math.max(...row))).toBeGreaterThanOrEqual(14);
      expect(row.indexOf(Math.max(...row))).toBeLessThanOrEqual(15);
      expect(Math.max(...row)).toBeGreaterThan(200);
      // The light side stays empty, and so does what is four or more pixels away.
      expect(row.slice(16).some((value) => value > 0)).toBe(false);
      expect(row.slice(0, 11).some((value) => value > 0)).toBe(false);
    }
  });

  test('a thin dark stroke is drawn as itself', () => {
    const lines = edgesOf(drawLines(paint(33, 9, (x) => (x === 16 ? 20 : 240))));
    const row = [...lines.subarray(33 * 4, 33 * 5)];
    expect(row[16]).toBe(Math.max(...row));
    expect(row[16]).toBeGreaterThan(200);
    expect(row.filter((value) => value > 0).length).toBeLessThanOrEqual(5);
  });

  test('flat colour, slow shading and noise of a few levels leave no line', () => {
    for (const picture of [
      paint(24, 24, () => 128),
      paint(64, 16, (x) => 2 * x),
      paint(24, 24, (x, y) => 128 + ((7 * x + 13 * y + x * y) % 5)),
    ]) {
      expect(edgesOf(drawLines(picture)).some((value) => value > 0)).toBe(false);
    }
  });

  test('a border as soft as a wide brush leaves it is drawn, along its dark side', () => {
    const soft = (x: number): number => 60 + 140 / (1 + Math.exp((48 - x) / 2.5));
    const row = [...edgesOf(drawLines(paint(96, 5, soft))).subarray(2 * 96, 3 * 96)];
    const strongest = row.indexOf(Math.max(...row));
    expect(row[strongest]).toBeGreaterThan(90);
    expect(strongest).toBeGreaterThan(38);
    expect(strongest).toBeLessThan(48);
    expect(row.slice(52).some((value) => value > 0)).toBe(false);
    // A single look at clear borders finds nothing here.
    const [narrow, wide] = [1, 1.6].map((sigma) =>
      gaussianBlur(
        Float64Array.from({ length: 96 }, (_, x) => soft(x) / 255),
        96,
        1,
        sigma,
      ),
    );
    expect(Math.max(...wide!.map((value, x) => value - narrow![x]!))).toBeLessThan(0.02);
  });

  test('beside a clear border a soft one elsewhere changes nothing', () => {
    const clear = (x: number): number => (x < 24 ? 40 : 220);
    const both = (x: number): number => (x < 60 ? clear(x) : 220 - 150 / (1 + Math.exp((90 - x) / 2.5)));
    const row = (grey: (x: number) => number) => [
      ...edgesOf(drawLines(paint(120, 3, grey))).subarray(120, 180),
    ];
    expect(row(both).slice(0, 40)).toEqual(row(clear).slice(0, 40));
  });

  test('noise as strong as film grain leaves next to nothing', () => {
    let seed = 7;
    const next = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const grain = paint(96, 96, () => Math.round(128 + 6 * (next() + next() + next() + next() - 2)));
    const lines = edgesOf(drawLines(grain));
    expect(lines.reduce((sum, value) => sum + value, 0) / (255 * lines.length)).toBeLessThan(0.005);
  });

  test('more contrast is never less ink', () => {
    const ink = (dark: number): number =>
      Math.max(...edgesOf(drawLines(paint(32, 4, (x) => (x < 16 ? dark : 255)))));
    const levels = [200, 160, 120, 60, 0].map(ink);
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    expect(levels[0]).toBeLessThan(levels.at(-1)!);
  });
});
