import { ModelError } from '../../../native-models/errors.ts';
import { assembleSampler } from './assemble-sampler.ts';
import { multistepWeights } from './dpm-multistep-weights.ts';
import { limitSample, predict } from './prediction.ts';
import type { Sampler, SamplerOptions, SamplerState, SchedulerConfig } from './sampler.ts';
import { type GridPoint, solverGrid } from './solver-grid.ts';

/** Runs shorter than this end on lower orders, where `lowerOrderFinal` is set. */
const FEW_STEPS = 15;

function stochasticForm(config: SchedulerConfig): 'sde-dpmsolver' | 'sde-dpmsolver++' {
  return config.algorithmType.endsWith('++') ? 'sde-dpmsolver++' : 'sde-dpmsolver';
}

/** What the algorithm integrates: the clean sample (`++`) or the noise. */
function solvedFor(
  config: SchedulerConfig,
  latent: Float32Array,
  output: Float32Array,
  point: GridPoint,
  batchSize: number,
): Float32Array {
  const { clean, noise } = predict(config, latent, output, point.alpha, point.sigma);
  if (config.algorithmType.endsWith('++')) {
    if (config.thresholding) limitSample(clean, config, batchSize);
    return Float32Array.from(clean);
  }
  if (!config.thresholding) return Float32Array.from(noise);
  for (let i = 0; i < clean.length; i += 1) {
    clean[i] = ((latent[i] ?? 0) - point.sigma * (noise[i] ?? 0)) / point.alpha;
  }
  limitSample(clean, config, batchSize);
  return latent.map((x, i) => (x - point.alpha * (clean[i] ?? 0)) / point.sigma);
}

/**
 * DPM-Solver multistep: Lu et al. (2022), "DPM-Solver++", algorithm 2 (2M) and its SDE form, and
 * "DPM-Solver" (2022), with orders 1 to 3. Equal to diffusers' `DPMSolverMultistepScheduler`. The
 * memory holds the last solver outputs, newest last.
 *
 * @param name `dpmpp-2m` runs the config's `algorithmType`, `dpmpp-2m-sde` the stochastic form of it.
 * @throws ModelError `config-invalid` for a combination that the algorithm does not define.
 */
export function createDpmMultistep(
  name: 'dpmpp-2m' | 'dpmpp-2m-sde',
  given: SchedulerConfig,
  options: SamplerOptions,
): Sampler {
  const config = name === 'dpmpp-2m-sde' ? { ...given, algorithmType: stochasticForm(given) } : given;
  const stochastic = config.algorithmType.startsWith('sde');
  if (!config.algorithmType.endsWith('++') && config.finalSigma === 'zero') {
    throw new ModelError(
      'config-invalid',
      `The solver ${config.algorithmType} cannot end at no noise.`,
      'Set final_sigmas_type to sigma_min, or take dpmsolver++.',
    );
  }
  if (stochastic && config.solverOrder > 2) {
    throw new ModelError(
      'config-invalid',
      'The stochastic DPM-Solver is defined up to order 2.',
      'Set solver_order to 2.',
    );
  }
  const { batchSize = 1 } = options;
  const grid = solverGrid(config, options, false);
  const { timesteps, sigmas } = grid;
  const few = config.lowerOrderFinal && timesteps.length < FEW_STEPS;

  const orderAt = (state: SamplerState): number => {
    const left = timesteps.length - state.index;
    const before = state.memory.length;
    if (before < 1 || (left === 1 && (config.eulerAtFinal || few || config.finalSigma === 'zero'))) return 1;
    if (before < 2 || (left === 2 && few)) return Math.min(config.solverOrder, 2);
    return config.solverOrder;
  };

  return assembleSampler(
    {
      name,
      timesteps,
      sigmas,
      initNoiseSigma: 1,
      evaluationsPerStep: 1,
      needsNoise: () => stochastic,
      inputScale: () => 1,
      mixture: (index) => grid.at(index),
      advance(state, output, noise) {
        const { index, latent } = state;
        const newest = solvedFor(config, latent, output, grid.at(index), batchSize);
        const outputs = [...state.memory, newest].slice(-config.solverOrder);
        const order = orderAt(state);
        const points = Array.from({ length: order + 1 }, (_, back) => grid.at(index + 1 - back));
        const weights = multistepWeights(config, points);
        const past = weights.outputs.map((weight, back) => ({
          weight,
          values: outputs[outputs.length - 1 - back] ?? newest,
        }));
        const next = latent.map((x, i) => {
          let sum = weights.latent * x + weights.noise * (noise[i] ?? 0);
          for (const { weight, values } of past) sum += weight * (values[i] ?? 0);
          return sum;
        });
        return { latent: next, memory: outputs };
      },
    },
    config,
    options,
  );
}
