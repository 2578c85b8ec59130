import { assembleSampler } from './assemble-sampler.ts';
import { sigmaGrid } from './euler-sigmas.ts';
import { predictFromSigma } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';

/**
 * Euler: Karras et al. (2022), "Elucidating the Design Space of Diffusion-Based Generative Models",
 * algorithm 2 without churn and without the second-order correction. Equal to diffusers'
 * `EulerDiscreteScheduler`.
 */
export function createEuler(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { timesteps, sigmas, initNoiseSigma } = sigmaGrid(config, options);
  const sigmaAt = (index: number): number => sigmas[index] ?? 0;

  return assembleSampler(
    {
      name: 'euler',
      timesteps,
      sigmas,
      initNoiseSigma,
      evaluationsPerStep: 1,
      needsNoise: () => false,
      inputScale: (index) => 1 / Math.sqrt(sigmaAt(index) ** 2 + 1),
      mixture: (index) => ({ alpha: 1, sigma: sigmaAt(index) }),
      advance(state, output) {
        const sigma = sigmaAt(state.index);
        const change = sigmaAt(state.index + 1) - sigma;
        const clean = predictFromSigma(config, state.latent, output, sigma);
        const latent = state.latent.map((x, i) => x + ((x - (clean[i] ?? 0)) / sigma) * change);
        return { latent, memory: [] };
      },
    },
    config,
    options,
  );
}
