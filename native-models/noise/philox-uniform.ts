import { philoxWords } from './philox.ts';

/**
 * Uniform numbers in [0, 1) with 53 bits, from the same counters as `createPhilox`: number i of draw d comes from counter
 * (d, 0, i, 0) under the key `seed`.
 */
export function philoxUniform(seed: bigint, draw: number, count: number): Float64Array {
  const words = new Uint32Array(2);
  return Float64Array.from({ length: count }, (_, i) => {
    philoxWords(seed, draw, i, words);
    return ((words[0] ?? 0) * 2 ** 21 + ((words[1] ?? 0) >>> 11)) / 2 ** 53;
  });
}
