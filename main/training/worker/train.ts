import { listAdapterSites } from '../../../native-models/architectures/adapter-sites.ts';
import { StudioError } from '../../../preload/contract/index.ts';
import { InferenceError } from '../../inference/errors.ts';
import { STABLE_DIFFUSION_SCHEDULE } from '../../inference/samplers/scheduler-config.ts';
import { isTransformerSite } from '../../inference/stages/load-adapter.ts';
import { type OpenedModel, openModel } from '../../inference/stages/opened-model.ts';
import { trainedSchedule } from '../../inference/stages/set-up-sampler.ts';
import { writeDurably } from '../../storage/write-durably.ts';
import { ADAMW_DEFAULTS, adamwStep } from '../adamw.ts';
import { readCheckpoint, type TrainingCheckpoint, writeCheckpoint } from '../checkpoint-file.ts';
import { learningRate } from '../learning-rate.ts';
import { loraFile, trainingFingerprint } from '../lora-file.ts';
import { firstMatrices, layOutMatrices, type TrainedMatrix } from '../trained-matrices.ts';
import { trainingDraws } from '../training-draws.ts';
import { gradientName } from '../training-graph.ts';
import type { TrainerMessage, TrainingJob, TrainingResult } from '../training-job.ts';
import { NoiseLevels } from '../training-target.ts';
import { expectedSizes, planTraining, type PlannedTraining, sizeKey, sizeOf } from './plan-training.ts';
import { prepareExamples, type TrainingExample } from './prepare-examples.ts';
import { createTrainingSession, type TrainingSession } from './training-session.ts';

/** How a training tells of itself, and learns that nobody wants it any more. */
export interface TrainingLink {
  readonly tell: (message: TrainerMessage) => void;
  readonly cancelled: () => boolean;
}

/** Steps that the told loss is the mean of. */
const SMOOTHED = 20;

/**
 * A training from its data to its LoRA file.
 *
 * @throws StudioError, ModelError or InferenceError; `inference/cancelled` between two steps, with a checkpoint written.
 */
export async function train(job: TrainingJob, link: TrainingLink): Promise<TrainingResult> {
  const model = await openModel(job.modelPath);
  assertTrainable(model);
  const { settings, files } = job;
  const stop = (): Promise<void> => stopIfCancelled(link, 0);
  const matrices = layOutMatrices(sitesOf(model, settings.layers), settings.rank);
  const parameters = matrices.at(-1)?.to ?? 0;
  const fingerprint = trainingFingerprint(job, model);
  // What cannot be gone on from is told of before anything is computed.
  let state = job.resume
    ? await readCheckpoint(files.checkpoint, fingerprint, parameters)
    : begun(matrices, settings.seed);
  const examples = job.planOnly ? [] : await prepareExamples(job, model, link.tell, stop);
  const sizes = job.planOnly ? expectedSizes(job, model) : examples.map(sizeOf);
  const planned = await planTraining(job, model, matrices, sizes);
  link.tell({ type: 'plan', plan: planned.plan });
  const times: number[] = [];
  const result = (): TrainingResult => ({
    plan: planned.plan,
    steps: state.step,
    loss: mean(state.losses),
    secondsPerStep: median(times),
    peakRss: process.resourceUsage().maxRSS * 1024,
  });
  if (job.planOnly) return result();

  const sessions = new Sessions(planned, settings.threads);
  const levels = await noiseLevels(model, settings.minSnr);
  const draws = trainingDraws(settings.seed, examples.length, settings.batch, levels.count);
  const save = (): Promise<void> => writeCheckpoint(files.checkpoint, fingerprint, state);
  try {
    while (state.step < settings.steps) {
      await stopIfCancelled(link, state.step, save);
      const started = performance.now();
      const { loss, gradients } = await batchGradients(state);
      const step = state.step + 1;
      const rate = learningRate(settings.rate, step, settings.steps);
      adamwStep(state, gradients, step, { ...ADAMW_DEFAULTS, rate });
      state = { ...state, step, losses: [...state.losses, loss].slice(-SMOOTHED) };
      times.push((performance.now() - started) / 1000);
      const secondsLeft = (settings.steps - step) * mean(times.slice(-SMOOTHED));
      link.tell({
        type: 'progress',
        progress: { step, steps: settings.steps, loss: mean(state.losses), secondsLeft },
      });
      if (step % files.every === 0 && step < settings.steps) await save();
    }
  } finally {
    await sessions.release();
  }
  await writeDurably(files.out, loraFile(job, model, matrices, state.parameters, state.step));
  return result();

  /** The mean over a batch, one picture after another. */
  async function batchGradients({ step, parameters: values }: TrainingCheckpoint) {
    const gradients = new Float32Array(values.length);
    let loss = 0;
    for (let i = 0; i < settings.batch; i++) {
      const n = step * settings.batch + i;
      const example = examples[draws.picture(n)];
      if (example === undefined) throw new RangeError('a draw is outside the pictures');
      const timestep = draws.timestep(n);
      const { noisy, target, weight } = levels.sample(
        example.latent,
        draws.noise(n, example.latent.length),
        timestep,
      );
      const outputs = await (
        await sessions.of(example)
      ).run({
        ...unetFeeds(example, noisy, timestep),
        target: { data: target, shape: latentShape(example) },
        weight: { data: Float32Array.of(weight / settings.batch), shape: [1] },
        ...matrixFeeds(matrices, values),
      });
      loss += outputs.get('loss')?.[0] ?? Number.NaN;
      for (const { input, from } of matrices) {
        outputs
          .get(gradientName(input))
          ?.forEach((value, k) => (gradients[from + k] = (gradients[from + k] ?? 0) + value));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!Number.isFinite(loss)) throw diverged(step);
    return { loss, gradients };
  }
}

/** Sessions of the sizes that were asked for. */
class Sessions {
  readonly #open = new Map<string, TrainingSession>();
  readonly #planned: PlannedTraining;
  readonly #threads: number;

  constructor(planned: PlannedTraining, threads: number) {
    this.#planned = planned;
    this.#threads = threads;
  }

  async of(example: TrainingExample): Promise<TrainingSession> {
    const key = sizeKey(sizeOf(example));
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const found = this.#planned.graphs.get(key);
    if (found === undefined) throw new RangeError(`no graph was planned for ${key}`);
    const session = await createTrainingSession(found.graph, this.#threads, found.activations);
    this.#open.set(key, session);
    return session;
  }

  async release(): Promise<void> {
    for (const session of this.#open.values()) await session.release();
  }
}

function latentShape({ shape }: TrainingExample): readonly number[] {
  return [1, shape.channels, shape.height, shape.width];
}

function unetFeeds(example: TrainingExample, noisy: Float32Array, timestep: number) {
  const { states, tokens, pooled, timeIds } = example.text;
  return {
    sample: { data: noisy, shape: latentShape(example) },
    timestep: { data: Float32Array.of(timestep), shape: [1] },
    encoder_hidden_states: { data: states, shape: [1, tokens, states.length / tokens] },
    ...(pooled.length === 0
      ? {}
      : {
          text_embeds: { data: pooled, shape: [1, pooled.length] },
          time_ids: { data: timeIds, shape: [1, timeIds.length] },
        }),
  };
}

function matrixFeeds(matrices: readonly TrainedMatrix[], values: Float32Array) {
  return Object.fromEntries(
    matrices.map(({ input, shape, from, to }) => [input, { data: values.subarray(from, to), shape }]),
  );
}

function begun(matrices: readonly TrainedMatrix[], seed: number): TrainingCheckpoint {
  const parameters = firstMatrices(matrices, seed);
  const zeros = (): Float32Array => new Float32Array(parameters.length);
  return { step: 0, losses: [], parameters, first: zeros(), second: zeros() };
}

function sitesOf({ checkpoint }: OpenedModel, layers: TrainingJob['settings']['layers']) {
  const sites = listAdapterSites(checkpoint.unet.weights);
  return sites.filter(({ name }) => (layers === 'all' ? !/embedding/.test(name) : isTransformerSite(name)));
}

async function noiseLevels({ checkpoint }: OpenedModel, gamma: number): Promise<NoiseLevels> {
  return new NoiseLevels({ ...STABLE_DIFFUSION_SCHEDULE, ...(await trainedSchedule(checkpoint)) }, gamma);
}

/** @throws StudioError `training/model-unsupported` */
function assertTrainable({ checkpoint, vae }: OpenedModel): void {
  const why =
    checkpoint.layout === 'onnx'
      ? 'an ONNX export, whose graphs have no derivative'
      : checkpoint.inpainting || checkpoint.unet.config.inChannels !== vae.config.latentChannels
        ? 'made for inpainting'
        : checkpoint.unet.config.guidanceDim !== undefined
          ? 'distilled for few steps'
          : undefined;
  if (why === undefined) return;
  throw new StudioError(
    'training/model-unsupported',
    `${checkpoint.path} is ${why}; nothing can be trained on it.`,
    'Train on the model that it was made from, and use the LoRA with both.',
  );
}

function diverged(step: number): StudioError {
  return new StudioError(
    'training/diverged',
    `The loss was no number any more at step ${step + 1}.`,
    'Begin anew with a smaller --rate.',
  );
}

/** Lets messages in; if one of them was a cancel, saves what is done and throws. */
async function stopIfCancelled(link: TrainingLink, step: number, save?: () => Promise<void>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (!link.cancelled()) return;
  if (step > 0) await save?.();
  throw new InferenceError(
    'inference/cancelled',
    `Stopped after step ${step}.`,
    step === 0 ? 'Nothing was changed.' : 'Go on with --resume.',
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
