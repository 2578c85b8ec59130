import { MersenneTwister, TWISTER_WORDS } from './mersenne-twister.ts';
import type { NoiseGenerator, NoiseKind, NoiseState } from './noise-generator.ts';
import { createPhilox } from './philox.ts';
import { createTorchCpu } from './torch-cpu.ts';

const SEED_LIMIT = 2n ** 64n;

function parseSeed(seed: number | bigint): bigint {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new RangeError(`A seed is a whole number; ${seed} is none (use a bigint above 2^53)`);
  }
  const value = BigInt(seed);
  // Python takes negative seeds as the 64-bit pattern that they have.
  const wrapped = value < 0n ? value + SEED_LIMIT : value;
  if (wrapped < 0n || wrapped >= SEED_LIMIT) throw new RangeError(`Seed ${seed} does not fit 64 bits`);
  return wrapped;
}

/**
 * A fresh generator of standard normal float32 noise.
 *
 * @param kind `philox` draws as PyTorch does on CUDA, `torch-cpu` as it does on the CPU.
 * @param seed a whole number of up to 64 bits (a negative one counts from 2^64 downwards).
 *   `torch-cpu` uses its low 32 bits only, as PyTorch does.
 * @throws RangeError if the seed is no such number.
 */
export function createNoise(kind: NoiseKind, seed: number | bigint): NoiseGenerator {
  const value = parseSeed(seed);
  switch (kind) {
    case 'philox':
      return createPhilox(value);
    case 'torch-cpu': {
      const { words, index } = MersenneTwister.fromSeed(Number(value & 0xffffffffn));
      return createTorchCpu({ kind, seed: value.toString(), words, index, cachedNormal: null });
    }
  }
}

/**
 * The generator that `state` was read from, at the draw it had reached.
 *
 * @throws RangeError if the state cannot have come from a generator.
 */
export function restoreNoise(state: NoiseState): NoiseGenerator {
  const malformed = (): never => {
    throw new RangeError('This noise state is damaged; start again from the seed');
  };
  if (!/^\d{1,20}$/.test(state.seed)) malformed();
  const seed = parseSeed(BigInt(state.seed));
  switch (state.kind) {
    case 'philox':
      if (!Number.isSafeInteger(state.draws) || state.draws < 0) malformed();
      return createPhilox(seed, state.draws);
    case 'torch-cpu': {
      const { words, index, cachedNormal } = state;
      if (words.length !== TWISTER_WORDS || !(index >= 0 && index <= TWISTER_WORDS)) malformed();
      if (!Number.isInteger(index)) malformed();
      if (cachedNormal !== null && !Number.isFinite(cachedNormal)) malformed();
      return createTorchCpu(state);
    }
  }
}
