import { assembleSampler } from './assemble-sampler.ts';
import { distilledTimesteps } from './distilled-timesteps.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { limitSample, predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';

/** Standard deviation of the data that the boundary condition assumes. */
const DATA_SIGMA = 0.5;

/**
 * LCM: Luo et al. (2023), "Latent Consistency Models", algorithm 3: the clean sample is predicted at
 * once and noised again to the next timestep. Equal to diffusers' `LCMScheduler`.
 */
export function createLcm(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { batchSize = 1 } = options;
  const alphas = cumulativeAlphas(config, false);
  const timesteps = distilledTimesteps(config, options);
  const alphaAt = (index: number): number => alphas[timesteps[index] ?? 0] ?? 1;
  const last = timesteps.length - 1;

  return assembleSampler(
    {
      name: 'lcm',
      timesteps,
      sigmas: [],
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: (index) => index < last,
      inputScale: () => 1,
      mixture: (index) => ({ alpha: Math.sqrt(alphaAt(index)), sigma: Math.sqrt(1 - alphaAt(index)) }),
      advance({ index, latent }, output, noise) {
        const alpha = alphaAt(index);
        const { clean } = predict(config, latent, output, Math.sqrt(alpha), Math.sqrt(1 - alpha));
        limitSample(clean, config, batchSize);
        const time = (timesteps[index] ?? 0) * config.timestepScaling;
        const spread = time ** 2 + DATA_SIGMA ** 2;
        const keep = DATA_SIGMA ** 2 / spread;
        const take = time / Math.sqrt(spread);
        const next = index < last ? alphaAt(index + 1) : 1;
        const [signal, noiseScale] = [Math.sqrt(next), Math.sqrt(1 - next)];
        const stepped = latent.map(
          (x, i) => signal * (take * (clean[i] ?? 0) + keep * x) + noiseScale * (noise[i] ?? 0),
        );
        return { latent: stepped, memory: [] };
      },
    },
    config,
    options,
  );
}
