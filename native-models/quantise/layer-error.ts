import { createNoise } from '../noise/create-noise.ts';

/** What a layer loses by fewer bits; 0.01 is one hundredth of the length of what is right. */
export interface LayerError {
  /** ‖W − Q‖ / ‖W‖ over all elements. */
  readonly weight: number;
  /** ‖x·(W − Q)ᵀ‖ / ‖x·Wᵀ‖ on the fixed input. */
  readonly output: number;
}

const inputRows = 2;
const inputSeed = 20_221_122;

/** The fixed input of a layer: standard normal `[2, inFeatures]`, the same for each layer of that width. */
function fixedInput(inFeatures: number): Float32Array {
  return createNoise('philox', inputSeed).normal(inputRows * inFeatures);
}

/** Measures what stands for a matrix `[rows, columns]` against it, summed in float64. */
export function layerError(
  exact: Float32Array,
  stored: Float32Array,
  rows: number,
  columns: number,
): LayerError {
  const input = fixedInput(columns);
  let weight = 0;
  let weightLength = 0;
  let output = 0;
  let outputLength = 0;
  for (let r = 0; r < rows; r++) {
    let first = 0;
    let firstOff = 0;
    let second = 0;
    let secondOff = 0;
    for (let c = 0; c < columns; c++) {
      const right = exact[r * columns + c] ?? 0;
      const off = (stored[r * columns + c] ?? 0) - right;
      const a = input[c] ?? 0;
      const b = input[columns + c] ?? 0;
      weight += off * off;
      weightLength += right * right;
      first += a * right;
      firstOff += a * off;
      second += b * right;
      secondOff += b * off;
    }
    output += firstOff * firstOff + secondOff * secondOff;
    outputLength += first * first + second * second;
  }
  return { weight: ratio(weight, weightLength), output: ratio(output, outputLength) };
}

/** The root of a quotient of sums of squares; 0 where there is nothing to be wrong about. */
function ratio(off: number, length: number): number {
  return length === 0 ? 0 : Math.sqrt(off / length);
}
