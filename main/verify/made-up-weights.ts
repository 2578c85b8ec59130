import { crc32 } from 'node:zlib';

/**
 * The weights of a reference's model: a hash of (index, name, salt), scaled by what the tensor is, to be rounded to
 * float16. Norm weights lie around 1, other vectors around 0, embeddings within ±0.5, matrices with variance 1 / fan-in.
 *
 * @param name the diffusers name with the component in front, such as `unet/conv_in.weight`
 * @param salt of the model, any whole number
 * @returns as many values as `shape` has elements, not yet rounded
 */
export function madeUpWeights(name: string, shape: readonly number[], salt: number): Float64Array {
  const seed = (crc32(name) + salt) >>> 0;
  const scale = scaleOf(name, shape);
  const offset = isNormScale(name, shape) ? 1 : 0;
  const values = new Float64Array(shape.reduce((product, n) => product * n, 1));
  for (let i = 0; i < values.length; i++) {
    let h = (Math.imul(i, 0x9e3779b9) + seed) >>> 0;
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    values[i] = offset + scale * ((h >>> 8) / 2 ** 23 - 1);
  }
  return values;
}

function isNormScale(name: string, shape: readonly number[]): boolean {
  return shape.length === 1 && name.includes('norm') && name.endsWith('weight');
}

function scaleOf(name: string, shape: readonly number[]): number {
  if (shape.length === 1) return isNormScale(name, shape) ? 0.2 : 0.1;
  if (name.includes('embedding.weight')) return 0.5;
  return Math.sqrt(3 / shape.slice(1).reduce((product, n) => product * n, 1));
}
