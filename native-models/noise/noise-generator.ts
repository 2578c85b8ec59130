/** Which random generator draws the noise; part of a recipe, since it decides the picture. */
export type NoiseKind = 'philox' | 'torch-cpu';

/**
 * Where a Philox generator stands. `seed` is the unsigned 64-bit seed in decimal (JSON has no
 * 64-bit integers); `draws` counts the calls made so far.
 */
export interface PhiloxState {
  readonly kind: 'philox';
  readonly seed: string;
  readonly draws: number;
}

/**
 * Where a Mersenne Twister stands: its 624 words, the index of the next one to hand out
 * (624 = twist first), and the second value of a Box–Muller pair not handed out yet.
 */
export interface TorchCpuState {
  readonly kind: 'torch-cpu';
  readonly seed: string;
  readonly words: Uint32Array;
  readonly index: number;
  readonly cachedNormal: number | null;
}

/** Plain data that `restoreNoise` turns back into the generator that it was read from. */
export type NoiseState = PhiloxState | TorchCpuState;

/** A resumable source of standard normal noise. */
export interface NoiseGenerator {
  /**
   * Draws the next `count` values, float32, mean 0, variance 1. One call is one draw: for both
   * kinds two calls of n are not one call of 2n, exactly as in PyTorch.
   *
   * @throws RangeError if `count` is no whole number between 0 and `MAX_NOISE_COUNT`.
   */
  normal(count: number): Float32Array;
  /** A copy of the state, untouched by later draws. */
  readonly state: NoiseState;
}

/** The most values of one draw: 1 GiB of float32, far above any latent. */
const MAX_NOISE_COUNT = 2 ** 28;

/** @throws RangeError if `count` is no whole number between 0 and `MAX_NOISE_COUNT`. */
export function assertNoiseCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > MAX_NOISE_COUNT) {
    throw new RangeError(`A noise draw takes 0 to ${MAX_NOISE_COUNT} values, not ${count}`);
  }
}
