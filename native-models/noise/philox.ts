import { assertNoiseCount, type NoiseGenerator, type PhiloxState } from './noise-generator.ts';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

const f32 = Math.fround;
const INVERSE_2_32 = f32(2.3283064e-10);
const INVERSE_2_32_TIMES_2PI = f32(INVERSE_2_32 * f32(6.2831855));
const HALF_INVERSE = f32(INVERSE_2_32 / 2);
const HALF_INVERSE_2PI = f32(INVERSE_2_32_TIMES_2PI / 2);

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const middleLow = (middle & 0xffff) + aLow * bHigh;
  // `middle` can pass 2^32, so it is divided rather than shifted.
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middleLow / 0x10000)) >>> 0;
}

/**
 * Box–Muller of which PyTorch hands out the sine half. Rounded to float32 where
 * stable-diffusion.cpp rounds, which makes the two equal to the bit.
 */
function boxMullerSine(x: number, y: number): number {
  const u = f32(f32(f32(x) * INVERSE_2_32) + HALF_INVERSE);
  const v = f32(f32(f32(y) * INVERSE_2_32_TIMES_2PI) + HALF_INVERSE_2PI);
  const radius = f32(Math.sqrt(-2 * Math.log(u)));
  return f32(radius * Math.sin(v));
}

/**
 * Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) of counter (draw, 0, index, 0).
 *
 * @param out takes the first two of the four words.
 */
export function philoxWords(seed: bigint, draw: number, index: number, out: Uint32Array): void {
  rounds(Number(seed & 0xffffffffn), Number(seed >> 32n), draw, index, out);
}

function rounds(key0: number, key1: number, draw: number, index: number, out: Uint32Array): void {
  let c0 = draw >>> 0;
  let c1 = 0;
  let c2 = index;
  let c3 = 0;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(c0, MULTIPLIER_0);
    const low0 = Math.imul(c0, MULTIPLIER_0) >>> 0;
    const high1 = multiplyHigh(c2, MULTIPLIER_1);
    const low1 = Math.imul(c2, MULTIPLIER_1) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
}

/**
 * Normal noise from Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), drawn as PyTorch's CUDA generator draws `randn` and as stable-diffusion.cpp and A1111's
 * "NV" source reproduce it on a CPU: value i of draw d comes from counter (d, 0, i, 0) under the
 * key `seed`. Holds for tensors that fit one pass of PyTorch's launch grid (about 200,000 values).
 *
 * @param seed an unsigned 64-bit number.
 * @param draws the draws already made.
 */
export function createPhilox(seed: bigint, draws = 0): NoiseGenerator {
  const key0 = Number(seed & 0xffffffffn);
  const key1 = Number(seed >> 32n);
  let drawn = draws;

  const words = new Uint32Array(2);
  return {
    normal(count) {
      assertNoiseCount(count);
      const out = new Float32Array(count);
      for (let i = 0; i < count; i += 1) {
        rounds(key0, key1, drawn, i, words);
        out[i] = boxMullerSine(words[0] ?? 0, words[1] ?? 0);
      }
      drawn += 1;
      return out;
    },
    get state(): PhiloxState {
      return { kind: 'philox', seed: seed.toString(), draws: drawn };
    },
  };
}
