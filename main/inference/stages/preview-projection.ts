import type { RgbaImage } from '../protocol.ts';
import type { LatentShape } from './latent-scale.ts';

/** An affine map from a latent's channels to red, green and blue: rows of `channels + 1` weights, constant last. */
export type PreviewProjection = readonly [Float64Array, Float64Array, Float64Array];

/** Keeps the fit tame where channels move together. */
const RIDGE = 1e-3;

/**
 * Fits the projection to a latent and the picture that the decoder made of it, by least squares over
 * the cells' mean colours.
 *
 * @param picture `[3, height · cell, width · cell]`, white 1, black -1.
 */
export function fitProjection(
  latent: Float32Array,
  shape: LatentShape,
  picture: Float32Array,
  cell: number,
): PreviewProjection {
  const { channels, height, width } = shape;
  const cells = height * width;
  const terms = channels + 1;
  const gram = new Float64Array(terms * terms);
  const sides = [new Float64Array(terms), new Float64Array(terms), new Float64Array(terms)] as const;
  const features = new Float64Array(terms).fill(1);
  const means = sides.map((_, c) => cellMeans(picture, c, shape, cell));
  for (let p = 0; p < cells; p += 1) {
    for (let c = 0; c < channels; c += 1) features[c] = latent[c * cells + p] ?? 0;
    for (let i = 0; i < terms; i += 1) {
      const f = features[i] ?? 0;
      for (let j = 0; j < terms; j += 1)
        gram[i * terms + j] = (gram[i * terms + j] ?? 0) + f * (features[j] ?? 0);
      sides.forEach((side, c) => {
        side[i] = (side[i] ?? 0) + f * (means[c]?.[p] ?? 0);
      });
    }
  }
  for (let i = 0; i < terms; i += 1) gram[i * terms + i] = (gram[i * terms + i] ?? 0) + RIDGE * cells;
  return [solve(gram, sides[0]), solve(gram, sides[1]), solve(gram, sides[2])];
}

/** A picture of one pixel a cell. */
export function projectLatent(
  latent: Float32Array,
  { channels, height, width }: LatentShape,
  projection: PreviewProjection,
): RgbaImage {
  const cells = height * width;
  const rgba = new Uint8ClampedArray(4 * cells).fill(255);
  for (let p = 0; p < cells; p += 1) {
    projection.forEach((weights, colour) => {
      let value = weights[channels] ?? 0;
      for (let c = 0; c < channels; c += 1) value += (weights[c] ?? 0) * (latent[c * cells + p] ?? 0);
      rgba[4 * p + colour] = (value / 2 + 0.5) * 255;
    });
  }
  return { width, height, rgba: new Uint8Array(rgba.buffer) };
}

function cellMeans(picture: Float32Array, plane: number, shape: LatentShape, cell: number): Float64Array {
  const { height, width } = shape;
  const rowLength = width * cell;
  const means = new Float64Array(height * width);
  for (let y = 0; y < height * cell; y += 1) {
    const row = (plane * height * cell + y) * rowLength;
    const cellRow = Math.floor(y / cell) * width;
    for (let x = 0; x < rowLength; x += 1) {
      const p = cellRow + Math.floor(x / cell);
      means[p] = (means[p] ?? 0) + Math.min(Math.max(picture[row + x] ?? 0, -1), 1) / (cell * cell);
    }
  }
  return means;
}

/** Solves a symmetric positive definite system by Gaussian elimination; neither argument is written to. */
function solve(matrix: Float64Array, side: Float64Array): Float64Array {
  const n = side.length;
  const a = matrix.slice();
  const x = side.slice();
  const get = (row: number, column: number): number => a[row * n + column] ?? 0;
  for (let pivot = 0; pivot < n; pivot += 1) {
    for (let row = pivot + 1; row < n; row += 1) {
      const factor = get(row, pivot) / get(pivot, pivot);
      for (let column = pivot; column < n; column += 1)
        a[row * n + column] = get(row, column) - factor * get(pivot, column);
      x[row] = (x[row] ?? 0) - factor * (x[pivot] ?? 0);
    }
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let column = row + 1; column < n; column += 1) sum -= get(row, column) * (x[column] ?? 0);
    x[row] = sum / get(row, row);
  }
  return x;
}
