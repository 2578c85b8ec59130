import { assembleSampler } from './assemble-sampler.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { limitSample, predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';
import { spaceTimesteps } from './timesteps.ts';

/**
 * DDIM: Song, Meng and Ermon (2021), "Denoising Diffusion Implicit Models", eq. 12 and 16.
 * `eta` 0 is deterministic, 1 adds as much noise as DDPM. Equal to diffusers' `DDIMScheduler`.
 */
export function createDdim(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { steps, eta = 0, batchSize = 1 } = options;
  const { timestepSpacing: spacing, trainSteps, stepsOffset: offset } = config;
  const alphas = cumulativeAlphas(config, false);
  const finalAlpha = config.setAlphaToOne ? 1 : (alphas[0] ?? 1);
  const timesteps = spaceTimesteps({ spacing, trainSteps, steps, offset }, true);
  const stride = Math.floor(trainSteps / steps);
  const alphaAt = (t: number): number => (t >= 0 ? (alphas[t] ?? finalAlpha) : finalAlpha);

  return assembleSampler(
    {
      name: 'ddim',
      timesteps,
      sigmas: [],
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: () => eta > 0,
      inputScale: () => 1,
      mixture(index) {
        const alpha = alphaAt(timesteps[index] ?? 0);
        return { alpha: Math.sqrt(alpha), sigma: Math.sqrt(1 - alpha) };
      },
      advance(state, output, noise) {
        const t = timesteps[state.index] ?? 0;
        const alpha = alphaAt(t);
        const alphaNext = alphaAt(t - stride);
        const prediction = predict(config, state.latent, output, Math.sqrt(alpha), Math.sqrt(1 - alpha));
        limitSample(prediction.clean, config, batchSize);
        const variance = ((1 - alphaNext) / (1 - alpha)) * (1 - alpha / alphaNext);
        const deviation = eta * Math.sqrt(Math.max(variance, 0));
        const signal = Math.sqrt(alphaNext);
        const direction = Math.sqrt(Math.max(1 - alphaNext - deviation * deviation, 0));
        const latent = state.latent.map(
          (_, i) =>
            signal * (prediction.clean[i] ?? 0) +
            direction * (prediction.noise[i] ?? 0) +
            deviation * (noise[i] ?? 0),
        );
        return { latent, memory: [] };
      },
    },
    config,
    options,
  );
}
