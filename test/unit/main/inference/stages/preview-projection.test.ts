import { expect, test } from 'vitest';
import { fitProjection, projectLatent } from '../../../../../main/inference/stages/preview-projection.ts';

const shape = { channels: 4, height: 8, width: 6 };
const cells = shape.height * shape.width;
const cell = 4;

/** A repeatable spread of values in -1 … 1. */
function spread(i: number): number {
  return 2 * (((i + 1) * 0.754877666) % 1) - 1;
}

/** A decoder that is a linear map of its own with detail inside each cell that averages to nothing. */
function decodeLinearly(
  latent: Float32Array,
  colour: (values: readonly number[]) => readonly number[],
): Float32Array {
  const [height, width] = [shape.height * cell, shape.width * cell];
  const picture = new Float32Array(3 * height * width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const p = Math.floor(y / cell) * shape.width + Math.floor(x / cell);
      const detail = (x + y) % 2 === 0 ? 0.1 : -0.1;
      colour([0, 1, 2, 3].map((c) => latent[c * cells + p]!)).forEach((value, plane) => {
        picture[(plane * height + y) * width + x] = value + detail;
      });
    }
  }
  return picture;
}

test('a decoder that is linear in its cells is found again', () => {
  const latent = Float32Array.from({ length: 4 * cells }, (_, i) => spread(i));
  const colour = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): readonly number[] => [
    0.3 * a - 0.2 * b + 0.05,
    0.1 * c + 0.2 * d,
    -0.2 * a + 0.1,
  ];
  const projection = fitProjection(latent, shape, decodeLinearly(latent, colour), cell);
  const other = Float32Array.from({ length: 4 * cells }, (_, i) => spread(i + 1000));
  const found = projectLatent(other, shape, projection);
  expect([found.width, found.height]).toEqual([6, 8]);
  for (let p = 0; p < cells; p += 1) {
    const wanted = colour([0, 1, 2, 3].map((c) => other[c * cells + p]!));
    wanted.forEach((value, plane) => {
      expect(Math.abs(found.rgba[4 * p + plane]! - (value / 2 + 0.5) * 255)).toBeLessThan(2);
    });
    expect(found.rgba[4 * p + 3]).toBe(255);
  }
});

test('channels that never move leave a finite projection', () => {
  const latent = new Float32Array(4 * cells);
  const projection = fitProjection(
    latent,
    shape,
    decodeLinearly(latent, () => [0, 0, 0]),
    cell,
  );
  expect(projection.flatMap((weights) => [...weights]).every(Number.isFinite)).toBe(true);
});
