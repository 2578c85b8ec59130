import { assembleSampler } from './assemble-sampler.ts';
import { sigmaGrid } from './euler-sigmas.ts';
import { limitSample, predictFromSigma } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';

/** Each entry twice, but for the first and, with `keepLast`, the last one: a step looks at both ends. */
export function doubled(values: readonly number[], keepLast: boolean): number[] {
  const last = values.length - 1;
  return values.flatMap((value, i) => (i === 0 || (keepLast && i === last) ? [value] : [value, value]));
}

/**
 * Heun: Karras et al. (2022), algorithm 1 without churn; two evaluations a step but for the last one.
 * Equal to diffusers' `HeunDiscreteScheduler`. Between the two the memory holds the first derivative
 * and the latent that it was taken at.
 */
export function createHeun(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { batchSize = 1 } = options;
  const grid = sigmaGrid(config, options);
  const timesteps = doubled(grid.timesteps, false);
  const sigmas = doubled(grid.sigmas, true);
  const sigmaAt = (index: number): number => sigmas[index] ?? 0;

  return assembleSampler(
    {
      name: 'heun',
      timesteps,
      sigmas,
      initNoiseSigma: grid.initNoiseSigma,
      evaluationsPerStep: 2,
      stepOf: (index) => Math.floor(index / 2),
      needsNoise: () => false,
      inputScale: (index) => 1 / Math.sqrt(sigmaAt(index) ** 2 + 1),
      mixture: (index) => ({ alpha: 1, sigma: sigmaAt(index) }),
      advance({ index, latent, memory }, output) {
        const [firstDerivative, origin] = memory;
        const second = firstDerivative !== undefined && origin !== undefined;
        const from = sigmaAt(second ? index - 1 : index);
        const to = sigmaAt(second ? index : index + 1);
        const here = second ? to : from;
        const clean = predictFromSigma(config, latent, output, here);
        if (config.clipSample) limitSample(clean, { ...config, thresholding: false }, batchSize);
        const derivative = latent.map((x, i) => (x - (clean[i] ?? 0)) / here);
        if (!second) {
          const next = latent.map((x, i) => x + (derivative[i] ?? 0) * (to - from));
          return { latent: next, memory: [derivative, latent] };
        }
        const next = origin.map(
          (x, i) => x + (((firstDerivative[i] ?? 0) + (derivative[i] ?? 0)) / 2) * (to - from),
        );
        return { latent: next, memory: [] };
      },
    },
    config,
    options,
  );
}
