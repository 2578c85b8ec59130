/** How a weight is stored in fewer bits: 8 a value with a scale a row, or 4 a value with a scale a block. */
export type QuantScheme = 'int8' | 'int4';

/** Consecutive values of a row that share a scale in `int4`. */
export const blockSize = 32;

/** A matrix `[rows, columns]` in 8 bits: row-major transpose, `[columns, rows]`, and a scale a row. */
export interface Int8Matrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * A matrix `[rows, columns]` in 4 bits, as `com.microsoft.MatMulNBits` wants it: `values`
 * `[rows, blocks, blockSize / 2]`, the even one of a pair in the low half, 8 standing for zero; `scales`
 * `[rows · blocks]`. The last block of a row is filled up with zeros.
 */
export interface Int4Matrix {
  readonly values: Uint8Array;
  readonly scales: Float32Array;
}

/**
 * Rounds each row of a matrix to 255 levels around zero (symmetric absmax, as in arXiv:2208.07339 §2.1).
 * @param matrix row-major `[rows, columns]`, finite
 */
export function toInt8(matrix: Float32Array, rows: number, columns: number): Int8Matrix {
  const values = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    let largest = 0;
    for (let c = 0; c < columns; c++) largest = Math.max(largest, Math.abs(matrix[start + c] ?? 0));
    const scale = Math.fround(largest / 127);
    scales[r] = scale;
    if (scale === 0) continue;
    for (let c = 0; c < columns; c++) values[c * rows + r] = level((matrix[start + c] ?? 0) / scale, 127);
  }
  return { values, scales };
}

/**
 * Rounds each block of a row to 16 levels, of which the value farthest from zero takes the lowest.
 * @param matrix row-major `[rows, columns]`, finite
 */
export function toInt4(matrix: Float32Array, rows: number, columns: number): Int4Matrix {
  const blocks = Math.ceil(columns / blockSize);
  const values = new Uint8Array((rows * blocks * blockSize) / 2).fill(0x88);
  const scales = new Float32Array(rows * blocks);
  for (let block = 0; block < rows * blocks; block++) {
    const first = (block % blocks) * blockSize;
    const start = Math.floor(block / blocks) * columns + first;
    const length = Math.min(blockSize, columns - first);
    let farthest = 0;
    for (let i = 0; i < length; i++) {
      const value = matrix[start + i] ?? 0;
      if (Math.abs(value) > Math.abs(farthest)) farthest = value;
    }
    const scale = Math.fround(farthest / -8);
    if (scale === 0) continue;
    scales[block] = scale;
    for (let i = 0; i < length; i += 2) {
      const low = nibble(matrix[start + i] ?? 0, scale);
      const high = i + 1 < length ? nibble(matrix[start + i + 1] ?? 0, scale) : 8;
      values[(block * blockSize + i) / 2] = low | (high << 4);
    }
  }
  return { values, scales };
}

/** The matrix `[rows, columns]` that 8 bits stand for. */
export function fromInt8({ values, scales }: Int8Matrix, rows: number, columns: number): Float32Array {
  const matrix = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const scale = scales[r] ?? 0;
    for (let c = 0; c < columns; c++) matrix[r * columns + c] = scale * (values[c * rows + r] ?? 0);
  }
  return matrix;
}

/** The matrix `[rows, columns]` that 4 bits stand for. */
export function fromInt4({ values, scales }: Int4Matrix, rows: number, columns: number): Float32Array {
  const matrix = new Float32Array(rows * columns);
  const blocks = Math.ceil(columns / blockSize);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * blocks * blockSize + c;
      const pair = values[at >> 1] ?? 0;
      const stored = (at & 1) === 0 ? pair & 15 : pair >> 4;
      matrix[r * columns + c] = (scales[Math.floor(at / blockSize)] ?? 0) * (stored - 8);
    }
  }
  return matrix;
}

function nibble(value: number, scale: number): number {
  // The value that set the scale is -8; its opposite would be 8, one above the highest level.
  return Math.max(-8, Math.min(7, roundToEven(value / scale))) + 8;
}

function level(value: number, most: number): number {
  return Math.max(-most, Math.min(most, roundToEven(value)));
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
