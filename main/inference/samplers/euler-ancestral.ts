import { assembleSampler } from './assemble-sampler.ts';
import { sigmaGrid } from './euler-sigmas.ts';
import { predictFromSigma } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';

/**
 * Euler ancestral: Euler steps below the next noise level, then noise up to it, split as DDPM (Ho et
 * al. 2020) splits its variance; k-diffusion's `sample_euler_ancestral`. `eta` 1 (default) is equal
 * to diffusers' `EulerAncestralDiscreteScheduler`, 0 is plain Euler.
 */
export function createEulerAncestral(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { eta = 1 } = options;
  const { timesteps, sigmas, initNoiseSigma } = sigmaGrid(config, options);
  const sigmaAt = (index: number): number => sigmas[index] ?? 0;

  return assembleSampler(
    {
      name: 'euler-ancestral',
      timesteps,
      sigmas,
      initNoiseSigma,
      evaluationsPerStep: 1,
      needsNoise: () => eta > 0,
      inputScale: (index) => 1 / Math.sqrt(sigmaAt(index) ** 2 + 1),
      mixture: (index) => ({ alpha: 1, sigma: sigmaAt(index) }),
      advance(state, output, noise) {
        const from = sigmaAt(state.index);
        const to = sigmaAt(state.index + 1);
        const up = Math.min(to, eta * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
        const down = Math.sqrt(to ** 2 - up ** 2);
        const clean = predictFromSigma(config, state.latent, output, from);
        const latent = state.latent.map(
          (x, i) => x + ((x - (clean[i] ?? 0)) / from) * (down - from) + (noise[i] ?? 0) * up,
        );
        return { latent, memory: [] };
      },
    },
    config,
    options,
  );
}
