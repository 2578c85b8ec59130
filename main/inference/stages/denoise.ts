import type { PredictionType, UnetConfig } from '../../../native-models/checkpoints/component-configs.ts';
import type { NoiseGenerator } from '../../../native-models/noise/noise-generator.ts';
import type { DenoiseState } from '../protocol.ts';
import { guidanceIsOn, type GuidanceInterval, guide } from '../samplers/guidance.ts';
import { cleanSample } from '../samplers/clean-sample.ts';
import type { SamplerState } from '../samplers/sampler.ts';
import { type Span, stepCount, stepsDone } from '../samplers/timeline.ts';
import type { Feed, Network } from '../sessions/network.ts';
import type { ActiveControls } from './active-controls.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import type { Evaluation } from './batcher.ts';
import type { ConditioningAtStep } from './encode-segment.ts';
import { guidanceEmbedding } from './guidance-embedding.ts';
import { followAt, type FollowedCells } from './follow.ts';
import { type KeptLatent, restoreKept } from './inpaint.ts';
import { join } from './join-arrays.ts';
import type { OutputReuse } from './output-reuse.ts';
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
  /** Runs it, by itself or together with what jobs beside this one ask for. */
  readonly runUnet: (evaluation: Evaluation) => ReturnType<Network['run']>;
  readonly config: UnetConfig;
  readonly span: Span;
  /** What the network was trained to predict. */
  readonly prediction: PredictionType;
  readonly noise: NoiseGenerator;
  readonly guidance: Guidance;
  readonly text: ConditioningAtStep;
  readonly adapters: ActiveAdapters;
  readonly controls: ActiveControls;
  readonly words: RegionalWords;
  /** What is kept of a picture, put back after each evaluation. */
  readonly kept: KeptLatent | null;
  /** Another run that is followed outside a mask, taken up after each whole step. */
  readonly follow: FollowedCells | null;
  /** Channels beside the latent, for inpainting models. */
  readonly extraChannels: Float32Array | null;
  /** Forecasts outputs where that was asked for; null evaluates every time. */
  readonly reuse: OutputReuse | null;
}

/** What happened in a step. */
export interface FinishedStep {
  readonly state: Omit<DenoiseState, 'ordinary'>;
  readonly milliseconds: number;
}

/**
 * The step loop: from a state to the end of a span, the clean latent if it is the last. Guidance evaluates both prompts as one batch.
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
  const { span, noise } = run;
  const { sampler } = span;
  let state = start;
  let begun = performance.now();
  while (state.index < span.end) {
    await beforeEvaluation();
    const { index, latent } = state;
    const output = await outputOf(run, state);
    const drawn = sampler.needsNoise(index) ? noise.normal(latent.length) : undefined;
    state = sampler.step(state, output, drawn);
    if (run.kept) {
      state = { ...state, latent: restoreKept(state.latent, run.kept, sampler, state.index) };
    }
    const step = stepsDone(span, state.index);
    if (step === stepsDone(span, index)) continue;
    if (run.follow) state = { ...state, latent: followAt(state.latent, run.follow, step) };
    const milliseconds = performance.now() - begun;
    const clean = cleanSample(sampler, run.prediction, { latent, output, index });
    await afterStep({ state: { step, sampler: state, noise: noise.state, clean }, milliseconds });
    begun = performance.now();
  }
  return state;
}

/** What the network makes of a state, or what it is forecast to. */
async function outputOf(run: DenoiseRun, state: SamplerState): Promise<Float32Array> {
  const { reuse, span } = run;
  if (reuse === null) return evaluate(run, state);
  const input = span.sampler.scaleModelInput(state.latent, state.index);
  return reuse.output(state.index - span.sampler.startIndex, input, () => evaluate(run, state));
}

/**
 * What the network makes of a state, guidance included. Rows of text of one length are evaluated as
 * one batch, rows of different lengths one by one.
 */
async function evaluate(run: DenoiseRun, state: SamplerState): Promise<Float32Array> {
  const { scale, rescale, interval } = run.guidance;
  const step = run.span.sampler.stepOf(state.index);
  const [first, second] = run.text(step);
  if (first === undefined) throw new RangeError('a run has at least one row of text');
  if (second === undefined) return evaluateRows(run, state, [first]);
  if (!guidanceIsOn(interval, step, stepCount(run.span.sampler))) return evaluateRows(run, state, [second]);
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
  const { config, guidance } = run;
  const { sampler } = run.span;
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
  const outputs = await run.runUnet({
    network: unet,
    wider: (times) => run.unet({ ...text, batch: batch * times }),
    feeds,
    left: run.span.end - state.index,
  });
  return outputs.get('out_sample') ?? new Float32Array();
}

function repeat(values: Float32Array, times: number): Float32Array {
  return times === 1 ? values : join(Array.from({ length: times }, () => values));
}
