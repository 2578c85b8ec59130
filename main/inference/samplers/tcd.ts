import { assembleSampler } from './assemble-sampler.ts';
import { distilledTimesteps } from './distilled-timesteps.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';

/** Gamma of the paper's experiments. */
const DEFAULT_GAMMA = 0.3;

/**
 * TCD: Zheng et al. (2024), "Trajectory Consistency Distillation", algorithm 4 (strategic stochastic
 * sampling). `eta` is the paper's gamma: 0 deterministic, 1 fully stochastic, default 0.3. Equal to
 * diffusers' `TCDScheduler`.
 */
export function createTcd(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { eta: gamma = DEFAULT_GAMMA } = options;
  const alphas = cumulativeAlphas(config, false);
  const timesteps = distilledTimesteps(config, options);
  const alphaAt = (t: number): number => alphas[t] ?? 1;
  const last = timesteps.length - 1;
  const mixture = (t: number): { alpha: number; sigma: number } => ({
    alpha: Math.sqrt(alphaAt(t)),
    sigma: Math.sqrt(1 - alphaAt(t)),
  });

  return assembleSampler(
    {
      name: 'tcd',
      timesteps,
      sigmas: [],
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: (index) => gamma > 0 && index < last,
      inputScale: () => 1,
      mixture: (index) => mixture(timesteps[index] ?? 0),
      advance({ index, latent }, output, noise) {
        const here = mixture(timesteps[index] ?? 0);
        const nextTimestep = index < last ? (timesteps[index + 1] ?? 0) : 0;
        const between = Math.floor((1 - gamma) * nextTimestep);
        const down = mixture(between);
        const { clean, noise: predicted } = predict(config, latent, output, here.alpha, here.sigma);
        const stochastic = gamma > 0 && index < last;
        const share = stochastic ? Math.min(alphaAt(nextTimestep) / alphaAt(between), 1) : 1;
        const [signal, fresh] = [Math.sqrt(share), Math.sqrt(1 - share)];
        const next = latent.map(
          (_, i) =>
            signal * (down.alpha * (clean[i] ?? 0) + down.sigma * (predicted[i] ?? 0)) +
            fresh * (noise[i] ?? 0),
        );
        return { latent: next, memory: [] };
      },
    },
    config,
    options,
  );
}
