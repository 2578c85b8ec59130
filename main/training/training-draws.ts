import { createPhilox } from '../../native-models/noise/philox.ts';
import { philoxUniform } from '../../native-models/noise/philox-uniform.ts';

/** Streams of random numbers that have nothing to do with each other. */
const streams = { noise: 0n, timestep: 1n, order: 2n, matrices: 3n, latent: 4n } as const;

function key(seed: number, stream: keyof typeof streams): bigint {
  return ((BigInt(seed) << 8n) | streams[stream]) & 0xffff_ffff_ffff_ffffn;
}

/**
 * Everything that chance decides in a training. Each draw follows from the seed and its own number alone, so that a
 * training that goes on draws what it would have drawn.
 */
export interface TrainingDraws {
  /** The picture that the draw `n`, counted over all steps, learns from: every picture once before any is seen again. */
  picture(n: number): number;
  /**
   * Its timestep, 0 … trainSteps − 1. The draws of a batch are spread over the range, each at random within its own part
   * (Kingma et al. 2021, §I.1), which makes the loss of a batch vary less.
   */
  timestep(n: number): number;
  /** Its noise, standard normal. */
  noise(n: number, count: number): Float32Array;
}

/** Draws of a training over `pictures` pictures in batches of `batch`. */
export function trainingDraws(
  seed: number,
  pictures: number,
  batch: number,
  trainSteps: number,
): TrainingDraws {
  let known: { readonly epoch: number; readonly order: readonly number[] } | undefined;
  return {
    picture(n) {
      const epoch = Math.floor(n / pictures);
      if (known?.epoch !== epoch) known = { epoch, order: shuffled(pictures, seed, epoch) };
      return known.order[n % pictures] ?? 0;
    },
    timestep(n) {
      const [offset = 0] = philoxUniform(key(seed, 'timestep'), n, 1);
      return Math.min(trainSteps - 1, Math.floor((((n % batch) + offset) / batch) * trainSteps));
    },
    noise: (n, count) => createPhilox(key(seed, 'noise'), n).normal(count),
  };
}

/** Fisher and Yates' shuffle of 0 … count − 1. */
function shuffled(count: number, seed: number, epoch: number): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  const draws = philoxUniform(key(seed, 'order'), epoch, count);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor((draws[i] ?? 0) * (i + 1));
    [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** Uniform numbers in 0 … 1 for the first matrices of a training. */
export function matrixDraws(seed: number, matrix: number, count: number): Float64Array {
  return philoxUniform(key(seed, 'matrices'), matrix, count);
}

/** The generator that a picture's latent is sampled with. */
export function latentNoise(seed: number, picture: number): ReturnType<typeof createPhilox> {
  return createPhilox(key(seed, 'latent'), picture);
}
