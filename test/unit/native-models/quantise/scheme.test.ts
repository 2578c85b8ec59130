import { describe, expect, it } from 'vitest';
import { layerError } from '../../../../native-models/quantise/layer-error.ts';
import { blockSize, fromInt4, fromInt8, toInt4, toInt8 } from '../../../../native-models/quantise/scheme.ts';
import { numbers } from '../adapters/memory-source.ts';

const shapes = [
  [1, 1],
  [3, 31],
  [5, 32],
  [7, 33],
  [16, 100],
] as const;

/** The nearest of the allowed levels to a value, in float64, by trying them all. */
function nearest(value: number, scale: number, lowest: number, highest: number): number {
  let best = 0;
  for (let level = lowest; level <= highest; level++) {
    if (Math.abs(level * scale - value) < Math.abs(best * scale - value)) best = level;
  }
  return best * scale;
}

// As ONNX has it for QuantizeLinear: halves go to the even level.
it('values half way between two levels go to the even one', () => {
  const eight = Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5);
  expect([...fromInt8(toInt8(eight, 1, 7), 1, 7)]).toEqual([127, 0, 2, 2, -0, -2, -2].map((v) => v + 0));
  const four = Float32Array.of(-8, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5);
  expect([...fromInt4(toInt4(four, 1, 7), 1, 7)]).toEqual([-8, 0, 2, 2, 0, -2, -2]);
});

describe.each(shapes)('a matrix of %i × %i', (rows, columns) => {
  const matrix = numbers(rows * columns, rows + columns);
  // One value in ten far out, as trained weights have.
  for (let i = 0; i < matrix.length; i += 10) matrix[i]! *= 4;

  it('in 8 bits is at the nearest of 255 levels of its row', () => {
    const stored = toInt8(matrix, rows, columns);
    expect(stored.values).toHaveLength(rows * columns);
    const back = fromInt8(stored, rows, columns);
    for (let r = 0; r < rows; r++) {
      const row = matrix.subarray(r * columns, (r + 1) * columns);
      const scale = Math.max(...row.map(Math.abs)) / 127;
      expect(stored.scales[r]).toBeCloseTo(scale, 6);
      for (let c = 0; c < columns; c++) {
        const off = Math.abs(back[r * columns + c]! - row[c]!);
        const least = Math.abs(nearest(row[c]!, scale, -127, 127) - row[c]!);
        expect(off).toBeLessThanOrEqual(least + scale * 1e-5);
      }
    }
  });

  it('in 4 bits is at the nearest of 16 levels of its block', () => {
    const stored = toInt4(matrix, rows, columns);
    const blocks = Math.ceil(columns / blockSize);
    expect(stored.values).toHaveLength((rows * blocks * blockSize) / 2);
    expect(stored.scales).toHaveLength(rows * blocks);
    const back = fromInt4(stored, rows, columns);
    for (let r = 0; r < rows; r++) {
      for (let block = 0; block < blocks; block++) {
        const from = r * columns + block * blockSize;
        const values = [...matrix.subarray(from, r * columns + Math.min(columns, (block + 1) * blockSize))];
        const farthest = values.reduce((far, value) => (Math.abs(value) > Math.abs(far) ? value : far), 0);
        const scale = -farthest / 8;
        for (const [i, value] of values.entries()) {
          const off = Math.abs(back[from + i]! - value);
          const least = Math.abs(nearest(value, scale, -8, 7) - value);
          expect(off).toBeLessThanOrEqual(least + Math.abs(scale) * 1e-5);
        }
      }
    }
  });
});

it('keeps rows and blocks of zeros, and fills the last block with zeros', () => {
  const zeros = new Float32Array(2 * 40);
  expect(fromInt8(toInt8(zeros, 2, 40), 2, 40)).toEqual(zeros);
  const stored = toInt4(zeros, 2, 40);
  expect(stored.scales).toEqual(new Float32Array(4));
  expect(new Set(stored.values)).toEqual(new Set([0x88]));
  const one = toInt4(new Float32Array([1]), 1, 1);
  expect(one.values[0]! & 15).toBe(0);
  expect([...one.values.subarray(1)]).toEqual(Array(15).fill(0x88));
});

it('measures what a layer loses, and nothing where nothing is lost', () => {
  const [rows, columns] = [32, 64];
  const matrix = numbers(rows * columns);
  expect(layerError(matrix, matrix, rows, columns)).toEqual({ weight: 0, output: 0 });
  const off = layerError(
    matrix,
    matrix.map((value) => value * 1.25),
    rows,
    columns,
  );
  expect(off.weight).toBeCloseTo(0.25, 6);
  expect(off.output).toBeCloseTo(0.25, 6);
  const eight = layerError(matrix, fromInt8(toInt8(matrix, rows, columns), rows, columns), rows, columns);
  const four = layerError(matrix, fromInt4(toInt4(matrix, rows, columns), rows, columns), rows, columns);
  // Uniform values, so a step of 1/127 or 1/8 of the largest: an error of step / √12 against a length of 1 / √3.
  expect(eight.weight).toBeCloseTo(1 / 127 / 2, 3);
  expect(four.weight).toBeGreaterThan(0.04);
  expect(four.weight).toBeLessThan(0.075);
});
