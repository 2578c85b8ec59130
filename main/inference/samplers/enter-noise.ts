import type { NoiseLevel } from './sampler.ts';

const QUARTER = 90;

/**
 * Lets fresh noise into a latent by rotation: x' = α·x̂0 + σ·(cos θ·ε̂ + sin θ·z), with ε̂ = (x − α·x̂0) / σ. As much
 * noise as before, and of the same spread where ε̂ and z are independent. At 0 the latent comes back to the bit, at 90
 * it is the clean sample under fresh noise.
 *
 * @param clean the picture that the run was heading to, x̂0; all zeros at the beginning of a run from noise.
 * @param fresh standard normal noise z, as long as the latent.
 * @param theta degrees, 0 to 90.
 */
export function enterNoise(
  latent: Float32Array,
  clean: Float32Array,
  fresh: Float32Array,
  { alpha, sigma }: NoiseLevel,
  theta: number,
): Float32Array {
  if (theta === 0) return latent;
  // Exact at both ends, which Math.cos is not.
  const cosine = theta === QUARTER ? 0 : Math.cos((theta / 180) * Math.PI);
  const sine = theta === QUARTER ? 1 : Math.sin((theta / 180) * Math.PI);
  return latent.map((x, i) => {
    const kept = alpha * (clean[i] ?? 0);
    return kept + cosine * (x - kept) + sigma * sine * (fresh[i] ?? 0);
  });
}

/** A latent at another level of noise, the picture in it and the noise in it kept. */
export function changeLevel(
  latent: Float32Array,
  clean: Float32Array,
  from: NoiseLevel,
  to: NoiseLevel,
): Float32Array {
  if (from.alpha === to.alpha && from.sigma === to.sigma) return latent;
  const scale = to.sigma / from.sigma;
  return latent.map((x, i) => {
    const picture = clean[i] ?? 0;
    return to.alpha * picture + scale * (x - from.alpha * picture);
  });
}
