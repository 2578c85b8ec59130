import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findEdges } from '../../../../../main/generation/control-features/canny.ts';
import { sobelGradients } from '../../../../../main/generation/control-features/gradients.ts';
import { CANDIDATE, followEdges } from '../../../../../main/generation/control-features/hysteresis.ts';
import type { Raster } from '../../../../../preload/contract/index.ts';
import { edgesOf, paint } from './pictures.ts';

interface Fixture {
  width: number;
  height: number;
  rgb: string;
  cases: { low: number; high: number; edges: string }[];
}

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/canny-by-opencv.json'), 'utf8'),
) as Fixture;
const inflate = (text: string): Uint8Array => new Uint8Array(inflateSync(Buffer.from(text, 'base64')));

describe('against OpenCV, bit for bit', () => {
  const { width, height } = fixture;
  const rgb = inflate(fixture.rgb);
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : rgb[3 * (i >> 2) + (i % 4)]!,
  );
  test.each(fixture.cases)('thresholds $low and $high', ({ low, high, edges }) => {
    const bits = inflate(edges);
    const expected = Uint8Array.from({ length: width * height }, (_, i) =>
      (bits[i >> 3]! >> (7 - (i & 7))) & 1 ? 255 : 0,
    );
    expect(edgesOf(findEdges({ width, height, rgba }, { low, high }))).toEqual(expected);
  });
});

describe('gradients', () => {
  test('are the Sobel sums of a ramp, and zero on flat colour', () => {
    // Three levels a pixel to the right, five downwards: eight times that in Sobel's weights.
    const rgb = Uint8Array.from({ length: 6 * 6 * 3 }, (_, i) => {
      const place = Math.floor(i / 3);
      return 3 * (place % 6) + 5 * Math.floor(place / 6);
    });
    const { dx, dy, magnitude } = sobelGradients(rgb, 6, 6);
    for (const place of [7, 14, 28]) expect([dx[place], dy[place], magnitude[place]]).toEqual([24, 40, 64]);
    const flat = sobelGradients(new Uint8Array(75).fill(90), 5, 5);
    expect([...flat.magnitude]).toEqual(Array(25).fill(0));
  });

  test('are those of the channel that changes most', () => {
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i % 3) * (Math.floor(i / 3) % 5) * 10);
    const { dx } = sobelGradients(rgb, 5, 3);
    expect(dx[7]).toBe(8 * 20);
  });
});

describe('hysteresis', () => {
  test('keeps weak pixels that a chain joins to a strong one, diagonals included, and no others', () => {
    const [, weak, strong] = [CANDIDATE.none, CANDIDATE.weak, CANDIDATE.strong];
    const picture = Uint8Array.from([
      strong, 0, 0, 0, 0, weak,
      0, weak, 0, 0, 0, weak,
      0, 0, weak, weak, 0, 0,
    ]); // prettier-ignore
    expect([...followEdges(picture, 6, 3)].map((value) => value / 255)).toEqual([
      1, 0, 0, 0, 0, 0,
      0, 1, 0, 0, 0, 0,
      0, 0, 1, 1, 0, 0,
    ]); // prettier-ignore
  });

  test('does not wrap from one row into the next', () => {
    const picture = Uint8Array.from([0, 0, CANDIDATE.strong, CANDIDATE.weak, 0, 0]);
    expect([...followEdges(picture, 3, 2)]).toEqual([0, 0, 255, 0, 0, 0]);
  });
});

describe('edges of a picture', () => {
  const step = (from: number, to: number): Raster => paint(16, 8, (x) => (x < 8 ? from : to));

  test('a step is one line of one pixel, whichever side is dark', () => {
    for (const picture of [step(0, 255), step(255, 0)]) {
      const edges = edgesOf(findEdges(picture));
      for (let y = 0; y < 8; y++) {
        const row = [...edges.subarray(16 * y, 16 * y + 16)];
        expect(row.filter((value) => value === 255)).toHaveLength(1);
        expect([7, 8]).toContain(row.indexOf(255));
      }
    }
  });

  test('a step below the threshold, and flat colour, are none', () => {
    // Four times the step is the Sobel sum: 4 · 25 is not above 100.
    expect(edgesOf(findEdges(step(100, 125))).some((value) => value > 0)).toBe(false);
    expect(edgesOf(findEdges(step(100, 160))).some((value) => value > 0)).toBe(true);
    expect(edgesOf(findEdges(step(70, 70))).some((value) => value > 0)).toBe(false);
  });

  test('transparency counts as white paper', () => {
    const hole = paint(
      16,
      16,
      () => 0,
      (x) => (x < 8 ? 0 : 255),
    );
    expect(edgesOf(findEdges(hole))).toEqual(edgesOf(findEdges(paint(16, 16, (x) => (x < 8 ? 255 : 0)))));
  });

  test('a picture of one pixel, row or column is none and no fault', () => {
    for (const [width, height] of [
      [1, 1],
      [9, 1],
      [1, 9],
    ] as const) {
      const found = findEdges(paint(width, height, () => 50));
      expect(found.rgba).toHaveLength(width * height * 4);
    }
  });
});
