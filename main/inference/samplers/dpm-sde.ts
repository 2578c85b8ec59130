import { assembleSampler } from './assemble-sampler.ts';
import { sigmaGrid } from './euler-sigmas.ts';
import { doubled } from './heun.ts';
import { predictFromSigma } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';
import { timestepOfSigma } from './sigmas.ts';

/**
 * DPM++ SDE: DPM-Solver++ (2S) of Lu et al. (2022) with ancestral noise, as k-diffusion's
 * `sample_dpmpp_sde` and diffusers' `DPMSolverSDEScheduler`: one evaluation at the step's beginning,
 * one at its middle in log sigma. The noises of the two halves are increments of one Brownian
 * motion; see `SamplerOptions.brownian`. Between the halves the memory holds the latent that the step
 * began with and the first noise.
 */
export function createDpmSde(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { brownian = true } = options;
  const grid = sigmaGrid(config, options);
  const sigmas = doubled(grid.sigmas, true);
  const timesteps = doubled(grid.timesteps, false);
  const sigmaAt = (index: number): number => sigmas[index] ?? 0;
  const isSecond = (index: number): boolean => index % 2 === 1;
  const middle = (index: number): number => Math.sqrt(sigmaAt(index) * sigmaAt(index - 1));
  for (let i = 1; i < timesteps.length; i += 2) timesteps[i] = timestepOfSigma(middle(i), grid.trained);
  const seen = (index: number): number => (isSecond(index) ? middle(index) : sigmaAt(index));

  return assembleSampler(
    {
      name: 'dpmpp-sde',
      timesteps,
      sigmas,
      initNoiseSigma: grid.initNoiseSigma,
      evaluationsPerStep: 2,
      stepOf: (index) => Math.floor(index / 2),
      needsNoise: (index) => isSecond(index) || sigmaAt(index + 1) > 0,
      inputScale: (index) => 1 / Math.sqrt(seen(index) ** 2 + 1),
      mixture: (index) => ({ alpha: 1, sigma: sigmaAt(index) }),
      seen: (index) => ({ alpha: 1, sigma: seen(index) }),
      advance({ index, latent, memory }, output, noise) {
        const clean = predictFromSigma(config, latent, output, seen(index));
        const second = isSecond(index);
        const from = sigmaAt(second ? index - 1 : index);
        const end = sigmaAt(second ? index : index + 1);
        if (end === 0) {
          return { latent: Float32Array.from(clean), memory: [] };
        }
        const half = Math.sqrt(from * end);
        const to = second ? end : half;
        const [origin = latent, firstNoise] = memory;
        const up = Math.min(to, Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
        const down = Math.sqrt(to ** 2 - up ** 2);
        let fresh = noise;
        if (second && brownian && firstNoise) {
          const early = Math.sqrt((from - half) / (from - to));
          const late = Math.sqrt((half - to) / (from - to));
          fresh = noise.map((z, i) => early * (firstNoise[i] ?? 0) + late * z);
        }
        const next = origin.map(
          (x, i) => (down / from) * x + (1 - down / from) * (clean[i] ?? 0) + up * (fresh[i] ?? 0),
        );
        return { latent: next, memory: second ? [] : [latent, noise] };
      },
    },
    config,
    options,
  );
}
