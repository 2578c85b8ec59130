import { assembleSampler } from './assemble-sampler.ts';
import { limitSample, predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SchedulerConfig } from './sampler.ts';
import { type GridPoint, solverGrid } from './solver-grid.ts';
import { correctorWeights, predictorWeights, type UniWeights } from './unipc-weights.ts';

function combine(weights: UniWeights, latent: Float32Array, outputs: readonly Float32Array[]): Float32Array {
  return latent.map((x, i) => {
    let sum = weights.latent * x;
    for (const [k, weight] of weights.outputs.entries()) sum += weight * (outputs[k]?.[i] ?? 0);
    return sum;
  });
}

/**
 * UniPC: Zhao et al. (2023), "UniPC: A Unified Predictor-Corrector Framework", algorithms 5 to 8 with
 * B(h) 1 or 2. The corrector reuses the next step's evaluation, so a step costs one. Equal to
 * diffusers' `UniPCMultistepScheduler`. The memory holds the latent before the last prediction, then
 * the last outputs, newest last.
 */
export function createUniPc(config: SchedulerConfig, options: SamplerOptions): Sampler {
  const { batchSize = 1 } = options;
  const grid = solverGrid(config, options, true);
  const { timesteps, sigmas } = grid;
  const pointsBack = (end: number, count: number): GridPoint[] =>
    Array.from({ length: count }, (_, back) => grid.at(end - back));
  /** The order of a step before which `before` outputs were seen. */
  const orderAt = (index: number, before: number): number => {
    const most = config.lowerOrderFinal
      ? Math.min(config.solverOrder, timesteps.length - index)
      : config.solverOrder;
    return Math.min(most, before + 1);
  };

  return assembleSampler(
    {
      name: 'unipc',
      timesteps,
      sigmas,
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: () => false,
      inputScale: () => 1,
      mixture: (index) => grid.at(index),
      advance({ index, latent, memory }, output) {
        const point = grid.at(index);
        const { clean, noise } = predict(config, latent, output, point.alpha, point.sigma);
        if (config.predictX0 && config.thresholding) limitSample(clean, config, batchSize);
        const newest = Float32Array.from(config.predictX0 ? clean : noise);
        const [before, ...past] = memory;
        const newestFirst = past.toReversed();

        let here = latent;
        if (before && index > 0 && !config.disableCorrector.includes(index - 1)) {
          const order = orderAt(index - 1, past.length - 1);
          const weights = correctorWeights(config, pointsBack(index, order + 1));
          here = combine(weights, before, [newest, ...newestFirst]);
        }
        const outputs = [...past, newest].slice(-config.solverOrder);
        const order = orderAt(index, past.length);
        const weights = predictorWeights(config, pointsBack(index + 1, order + 1));
        const next = combine(weights, here, outputs.toReversed());
        return { latent: next, memory: [here, ...outputs] };
      },
    },
    config,
    options,
  );
}
