import { assembleSampler } from './assemble-sampler.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { limitSample, predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';
import { spaceTimesteps } from './timesteps.ts';

const LEAST_VARIANCE = 1e-20;

/**
 * DDPM: Ho, Jain and Abbeel (2020), "Denoising Diffusion Probabilistic Models", eq. 6 and 7, on
 * respaced timesteps. Equal to diffusers' `DDPMScheduler` with a fixed variance.
 */
export function createDdpm(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { steps, batchSize = 1 } = options;
  const { timestepSpacing: spacing, trainSteps, stepsOffset: offset } = config;
  const alphas = cumulativeAlphas(config, false);
  const timesteps = spaceTimesteps({ spacing, trainSteps, steps, offset }, true);
  const stride = Math.floor(trainSteps / steps);
  const alphaAt = (t: number): number => (t >= 0 ? (alphas[t] ?? 1) : 1);
  const timestepAt = (index: number): number => timesteps[index] ?? 0;

  return assembleSampler(
    {
      name: 'ddpm',
      timesteps,
      sigmas: [],
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: (index) => timestepAt(index) > 0,
      inputScale: () => 1,
      mixture(index) {
        const alpha = alphaAt(timestepAt(index));
        return { alpha: Math.sqrt(alpha), sigma: Math.sqrt(1 - alpha) };
      },
      advance(state, output, noise) {
        const t = timestepAt(state.index);
        const alpha = alphaAt(t);
        const alphaNext = alphaAt(t - stride);
        const stepAlpha = alpha / alphaNext;
        const { clean } = predict(config, state.latent, output, Math.sqrt(alpha), Math.sqrt(1 - alpha));
        limitSample(clean, config, batchSize);
        const cleanScale = (Math.sqrt(alphaNext) * (1 - stepAlpha)) / (1 - alpha);
        const latentScale = (Math.sqrt(stepAlpha) * (1 - alphaNext)) / (1 - alpha);
        const small = Math.max(((1 - alphaNext) / (1 - alpha)) * (1 - stepAlpha), LEAST_VARIANCE);
        const variance = config.varianceType === 'fixed_large' ? 1 - stepAlpha : small;
        const deviation = Math.sqrt(variance);
        const latent = state.latent.map(
          (x, i) => cleanScale * (clean[i] ?? 0) + latentScale * x + deviation * (noise[i] ?? 0),
        );
        return { latent, memory: [] };
      },
    },
    config,
    options,
  );
}
