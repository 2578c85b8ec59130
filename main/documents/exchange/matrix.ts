/** Three by three numbers, row by row. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The matrix of three columns. */
export function columns(one: readonly number[], two: readonly number[], three: readonly number[]): Matrix {
  return [0, 1, 2].flatMap((row) => [one[row], two[row], three[row]]) as unknown as Matrix;
}

/** The matrix that does first `right`, then `left`. */
export function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((_, i) => {
    const row = i - (i % 3);
    return [0, 1, 2].reduce(
      (sum, k) => sum + (left[row + k] as number) * (right[k * 3 + (i % 3)] as number),
      0,
    );
  }) as unknown as Matrix;
}

/** A matrix times a column of three. */
export function applyMatrix(matrix: Matrix, vector: readonly number[]): number[] {
  return [0, 3, 6].map((row) =>
    vector.reduce((sum, value, k) => sum + (matrix[row + k] as number) * value, 0),
  );
}

/** The matrix that undoes one; null where none does. */
export function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | null {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * A + b * B + c * C;
  if (!(Math.abs(determinant) > 1e-9)) return null;
  const parts = [
    A,
    c * h - b * i,
    b * f - c * e,
    B,
    a * i - c * g,
    c * d - a * f,
    C,
    b * g - a * h,
    a * e - b * d,
  ];
  return parts.map((value) => value / determinant) as unknown as Matrix;
}
