import { ModelError } from '../../../native-models/errors.ts';
import type {
  NoiseLevel,
  Sampler,
  SamplerName,
  SamplerOptions,
  SamplerState,
  SchedulerConfig,
} from './sampler.ts';
import { roundHalfEven } from './timesteps.ts';

/** What a sampler's file says of itself; `assembleSampler` adds what all of them share. */
export interface SamplerParts {
  readonly name: SamplerName;
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
  readonly initNoiseSigma: number;
  readonly evaluationsPerStep: 1 | 2;
  /** Which of the schedule's steps an evaluation belongs to; one each if absent. */
  readonly stepOf?: (index: number) => number;
  readonly needsNoise: (index: number) => boolean;
  /** What the latent is multiplied by for the network. */
  readonly inputScale: (index: number) => number;
  /** How much of the image and of the noise an evaluation's latent holds. */
  readonly mixture: (index: number) => NoiseLevel;
  /** The same as the network sees it, where a step's middle lies elsewhere. */
  readonly seen?: (index: number) => NoiseLevel;
  /** Where a run counts from that has lost its memory at `index`; as before if absent. */
  readonly restartFrom?: (index: number, start: number) => number;
  /** One evaluation: the new latent and the new memory. `noise` is empty where none is needed. */
  readonly advance: (
    state: SamplerState,
    output: Float32Array,
    noise: Float32Array,
  ) => { readonly latent: Float32Array; readonly memory: readonly Float32Array[] };
}

const EMPTY = new Float32Array(0);

function refuse(message: string, remedy: string): never {
  throw new ModelError('config-invalid', message, remedy);
}

function sameLength(what: string, values: Float32Array, length: number): void {
  if (values.length !== length) {
    refuse(
      `The ${what} holds ${values.length} values where the latent holds ${length}.`,
      'Run the model at the size of the latent.',
    );
  }
}

function inRange(what: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    refuse(`The ${what} is ${value}; it goes from ${least} to ${most}.`, `Choose a ${what} in that range.`);
  }
}

/** First and last evaluation, as diffusers' img2img pipelines (`strength`) and SDXL's refiner cut them. */
function range(parts: SamplerParts, config: SchedulerConfig, options: SamplerOptions): [number, number] {
  const { timesteps, evaluationsPerStep: order } = parts;
  const { steps, strength = 1, denoiseStart, denoiseEnd } = options;
  inRange('strength', strength, 0, 1);
  const running = Math.trunc(steps * strength);
  let start = (steps - running) * order;
  let end = timesteps.length;
  if (denoiseStart !== undefined) {
    inRange('denoise start', denoiseStart, 0, 1);
    const cutoff = roundHalfEven(config.trainSteps - denoiseStart * config.trainSteps);
    let count = timesteps.filter((t) => t < cutoff).length;
    // A run must not begin with the second half of a step.
    if (order === 2 && count % 2 === 0) count += 1;
    start = Math.max(timesteps.length - count, 0);
  }
  if (denoiseEnd !== undefined) {
    inRange('denoise end', denoiseEnd, 0, 1);
    const cutoff = roundHalfEven(config.trainSteps - denoiseEnd * config.trainSteps);
    end = timesteps.filter((t) => t >= cutoff).length;
  }
  if (running < 1 || start >= end) {
    refuse(
      `No step is left: ${steps} steps at strength ${strength}.`,
      'Raise the strength or the number of steps.',
    );
  }
  return [start, end];
}

/**
 * A `Sampler` out of what is particular to it: adds the range of evaluations, the checks and the
 * bookkeeping.
 *
 * @throws ModelError `config-invalid` if the options leave no step or are out of range.
 */
export function assembleSampler(
  parts: SamplerParts,
  config: SchedulerConfig,
  options: SamplerOptions,
): Sampler {
  const { timesteps } = parts;
  const [startIndex, endIndex] = range(parts, config, options);
  const stepOf = parts.stepOf ?? ((index: number) => index);

  const at = (index: number): number => {
    if (Number.isInteger(index) && index >= 0 && index < timesteps.length) return index;
    return refuse(
      `Evaluation ${index} is outside the ${timesteps.length} of this run.`,
      'Begin the run again.',
    );
  };

  const resume = (latent: Float32Array, index = startIndex): SamplerState => ({
    index: at(index),
    start: index,
    latent: latent.slice(),
    memory: [],
  });

  return {
    name: parts.name,
    timesteps,
    sigmas: parts.sigmas,
    initNoiseSigma: parts.initNoiseSigma,
    startIndex,
    endIndex,
    evaluationsPerStep: parts.evaluationsPerStep,
    stepOf: (index) => stepOf(at(index)) - stepOf(startIndex),
    needsNoise: (index) => parts.needsNoise(at(index)),
    scaleModelInput(latent, index) {
      const scale = parts.inputScale(at(index));
      return latent.map((x) => x * scale);
    },
    addNoise(latent, noise, index = startIndex) {
      sameLength('noise', noise, latent.length);
      const { alpha, sigma } = parts.mixture(at(index));
      return latent.map((x, i) => alpha * x + sigma * (noise[i] ?? 0));
    },
    level: (index) => parts.mixture(at(index)),
    seenLevel: (index) => (parts.seen ?? parts.mixture)(at(index)),
    restart: ({ index, start }, latent) => ({
      index: at(index),
      start: parts.restartFrom?.(index, start) ?? start,
      latent,
      memory: [],
    }),
    begin: (noise) => resume(noise.map((x) => x * parts.initNoiseSigma)),
    resume,
    step(state, output, noise) {
      const index = at(state.index);
      sameLength('model output', output, state.latent.length);
      for (const past of state.memory) sameLength('history', past, state.latent.length);
      const wanted = parts.needsNoise(index);
      if (wanted && !noise) refuse(`Evaluation ${index} needs a draw of noise.`, 'Draw it and pass it on.');
      if (wanted && noise) sameLength('noise', noise, state.latent.length);
      const next = parts.advance(state, output, wanted && noise ? noise : EMPTY);
      return { index: index + 1, start: state.start, latent: next.latent, memory: next.memory };
    },
  };
}
