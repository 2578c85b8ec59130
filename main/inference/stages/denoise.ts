import type { UnetConfig } from '../../../native-models/checkpoints/component-configs.ts';
import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import type { DenoiseState } from '../protocol.ts';
import { guidanceIsOn, type GuidanceInterval, guide } from '../samplers/guidance.ts';
import type { Sampler, SamplerState } from '../samplers/sampler.ts';
import type { Feed, Network } from '../sessions/network.ts';
import type { ActiveControls } from './active-controls.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import type { ConditioningAtStep } from './encode-prompt.ts';
import { guidanceEmbedding } from './guidance-embedding.ts';
import { type KeptLatent, restoreKept } from './inpaint.ts';
import { join } from './join-arrays.ts';
import type { RegionalWords } from './regional-words.ts';
import type { TextShape } from './text-shape.ts';
import type { TextConditioning } from './text-conditioning.ts';

/** How strongly, and when, the prompt is set against the negative prompt. */
export interface Guidance {
  /** Classifier-free guidance scale. */
  readonly scale: number;
  readonly rescale: number;
  readonly interval: GuidanceInterval;
}

/** Everything that the step loop reads. */
export interface DenoiseRun {
  /** The network for a number of rows and of tokens; loaded once, then at hand. */
  readonly unet: (text: TextShape) => Promise<Network>;
  readonly config: UnetConfig;
  readonly sampler: Sampler;
  readonly noise: NoiseGenerator;
  readonly guidance: Guidance;
  readonly text: ConditioningAtStep;
  readonly adapters: ActiveAdapters;
  readonly controls: ActiveControls;
  readonly words: RegionalWords;
  /** What is kept of a picture, put back after each evaluation. */
  readonly kept: KeptLatent | null;
  /** Channels beside the latent, for inpainting models. */
  readonly extraChannels: Float32Array | null;
}

/** What happened in a step. */
export interface FinishedStep {
  readonly state: DenoiseState;
  /** The latent that the step's last evaluation began with, what the network made of it, and which evaluation it was. */
  readonly latent: Float32Array;
  readonly output: Float32Array;
  readonly index: number;
  readonly milliseconds: number;
}

/** Steps that a sampler runs. */
export function stepCount(sampler: Sampler): number {
  return sampler.stepOf(sampler.endIndex - 1) + 1;
}

/** Steps that are done before the evaluation at `index`. */
function stepsBefore(sampler: Sampler, index: number): number {
  return index >= sampler.endIndex ? stepCount(sampler) : sampler.stepOf(index);
}

/**
 * The step loop: from a state to the clean latent. Guidance evaluates both prompts as one batch.
 *
 * @param beforeEvaluation awaited before each evaluation; a throw ends the run there.
 * @param afterStep awaited after each whole step.
 */
export async function denoise(
  run: DenoiseRun,
  start: SamplerState,
  beforeEvaluation: () => Promise<void>,
  afterStep: (finished: FinishedStep) => Promise<void>,
): Promise<SamplerState> {
  const { sampler, noise } = run;
  let state = start;
  let begun = performance.now();
  while (state.index < sampler.endIndex) {
    await beforeEvaluation();
    const { index, latent } = state;
    const output = await evaluate(run, state);
    const drawn = sampler.needsNoise(index) ? noise.normal(latent.length) : undefined;
    state = sampler.step(state, output, drawn);
    if (run.kept) {
      state = { ...state, latent: restoreKept(state.latent, run.kept, sampler, state.index) };
    }
    const step = stepsBefore(sampler, state.index);
    if (step === stepsBefore(sampler, index)) continue;
    const milliseconds = performance.now() - begun;
    await afterStep({
      state: { step, sampler: state, noise: noise.state },
      latent,
      output,
      index,
      milliseconds,
    });
    begun = performance.now();
  }
  return state;
}

/**
 * What the network makes of a state, guidance included. Rows of text of one length are evaluated as
 * one batch, rows of different lengths one by one.
 */
async function evaluate(run: DenoiseRun, state: SamplerState): Promise<Float32Array> {
  const { scale, rescale, interval } = run.guidance;
  const step = run.sampler.stepOf(state.index);
  const [first, second] = run.text(step);
  if (first === undefined) throw new RangeError('a run has at least one row of text');
  if (second === undefined) return evaluateRows(run, state, [first]);
  if (!guidanceIsOn(interval, step, stepCount(run.sampler))) return evaluateRows(run, state, [second]);
  if (first.tokens !== second.tokens) {
    const negative = await evaluateRows(run, state, [first]);
    return guide(negative, await evaluateRows(run, state, [second]), scale, rescale);
  }
  const output = await evaluateRows(run, state, [first, second]);
  const half = output.length / 2;
  return guide(output.subarray(0, half), output.subarray(half), scale, rescale);
}

/** One run of the network over rows of equal length; their outputs one after another. */
async function evaluateRows(
  run: DenoiseRun,
  state: SamplerState,
  rows: readonly TextConditioning[],
): Promise<Float32Array> {
  const { sampler, config, guidance } = run;
  const batch = rows.length;
  const text = { batch, tokens: rows[0]?.tokens ?? 0 };
  const unet = await run.unet(text);
  const scaled = sampler.scaleModelInput(state.latent, state.index);
  const shared: Record<string, Feed> = {
    sample: { data: repeat(scaled, batch) },
    timestep: { data: new Float32Array(batch).fill(sampler.timesteps[state.index] ?? 0) },
    encoder_hidden_states: { data: join(rows.map((row) => row.states)) },
  };
  if (config.addedConditions !== undefined) {
    shared['text_embeds'] = { data: join(rows.map((row) => row.pooled)) };
    shared['time_ids'] = { data: join(rows.map((row) => row.timeIds)) };
  }
  const share = sampler.stepOf(state.index) / stepCount(sampler);
  const feeds: Record<string, Feed> = {
    ...shared,
    ...(await run.adapters.unetFeeds(unet.inputs, share)),
    ...(await run.controls.residuals(unet, shared, text, share)),
    ...run.words.feeds(unet.inputs, rows),
  };
  if (run.extraChannels) {
    feeds['sample'] = { data: repeat(join([scaled, run.extraChannels]), batch) };
  }
  if (config.guidanceDim !== undefined) {
    feeds['timestep_cond'] = { data: repeat(guidanceEmbedding(guidance.scale, config.guidanceDim), batch) };
  }
  return (await unet.run(feeds)).get('out_sample') ?? new Float32Array();
}

function repeat(values: Float32Array, times: number): Float32Array {
  return times === 1 ? values : join(Array.from({ length: times }, () => values));
}
