import { MersenneTwister } from './mersenne-twister.ts';
import { assertNoiseCount, type NoiseGenerator, type TorchCpuState } from './noise-generator.ts';
import { logSingle, sineCosineSingle } from './single-precision.ts';

const f32 = Math.fround;
const BLOCK = 16;
const HALF_BLOCK = 8;
const TWO_PI = f32(2 * Math.PI);

/** Uniform float32 in [0, 1): the low 24 bits of one draw. */
function uniformSingle(twister: MersenneTwister): number {
  return (twister.next() & 0xffffff) * 2 ** -24;
}

/** Uniform float64 in [0, 1): the low 53 bits of two draws, the first one being the upper half. */
function uniformDouble(twister: MersenneTwister): number {
  const high = twister.next() & 0x1fffff;
  const low = twister.next();
  return (high * 2 ** 32 + low) * 2 ** -53;
}

/** Turns 16 uniform values at `start` into normal ones: 8 radii, 8 angles. */
function boxMullerBlock(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF_BLOCK; j += 1) {
    const u1 = f32(1 - (values[j] ?? 0));
    const u2 = values[j + HALF_BLOCK] ?? 0;
    const radius = f32(Math.sqrt(f32(-2 * logSingle(u1))));
    const [sine, cosine] = sineCosineSingle(f32(TWO_PI * u2));
    values[j] = radius * cosine;
    values[j + HALF_BLOCK] = radius * sine;
  }
}

/**
 * Normal noise as PyTorch draws `torch.randn(n, dtype=float32)` on the CPU (aten
 * `DistributionTemplates.h`, `normal_fill` and `normal_distribution<double>`) from MT19937.
 *
 * Two regimes, as there: below 16 values each comes from a float64 Box–Muller pair whose second
 * half is kept for the next draw; from 16 on, blocks of 16 uniforms become 8 + 8 normals, and where
 * 16 does not divide the count the last 16 values are drawn once more. Equal to the bit to PyTorch
 * on an x86 processor with AVX2.
 *
 * @param state the state to continue from.
 */
export function createTorchCpu(state: TorchCpuState): NoiseGenerator {
  const twister = new MersenneTwister(state.words.slice(), state.index);
  let cachedNormal = state.cachedNormal;

  const scalar = (): number => {
    if (cachedNormal !== null) {
      const value = cachedNormal;
      cachedNormal = null;
      return value;
    }
    const u1 = uniformDouble(twister);
    const u2 = uniformDouble(twister);
    const radius = Math.sqrt(-2 * Math.log1p(-u2));
    const theta = 2 * Math.PI * u1;
    cachedNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  };

  return {
    normal(count) {
      assertNoiseCount(count);
      const out = new Float32Array(count);
      if (count < BLOCK) {
        for (let i = 0; i < count; i += 1) out[i] = scalar();
        return out;
      }
      for (let i = 0; i < count; i += 1) out[i] = uniformSingle(twister);
      for (let i = 0; i + BLOCK <= count; i += BLOCK) boxMullerBlock(out, i);
      if (count % BLOCK !== 0) {
        const start = count - BLOCK;
        for (let i = start; i < count; i += 1) out[i] = uniformSingle(twister);
        boxMullerBlock(out, start);
      }
      return out;
    },
    get state(): TorchCpuState {
      return {
        kind: 'torch-cpu',
        seed: state.seed,
        words: twister.words.slice(),
        index: twister.index,
        cachedNormal,
      };
    },
  };
}
