import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { InferenceError } from '../errors.ts';
import type {
  DenoiseState,
  GenerateJob,
  GenerateResult,
  MadeStage,
  Preview,
  Progress,
  Stage,
} from '../protocol.ts';
import type { Sampler, SamplerState } from '../samplers/sampler.ts';
import { layTimeline, type Span, stepsDone, stepsOf } from '../samplers/timeline.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { ActiveControls } from '../stages/active-controls.ts';
import { ActiveAdapters } from '../stages/adapter-inputs.ts';
import { decodePicture, type DecodeUse } from '../stages/decode.ts';
import { type LinearsInUse, linearsFor } from '../stages/fewer-bits.ts';
import { latentLength, type LatentShape } from '../stages/latent-scale.ts';
import { loadEmbeddings } from '../stages/load-embeddings.ts';
import { layOver, toRgba } from '../stages/pixels.ts';
import { type DecoderExperience, Previews } from '../stages/preview.ts';
import { OutputReuse, type ReuseReport } from '../stages/output-reuse.ts';
import { RegionalWords } from '../stages/regional-words.ts';
import { setUpSampler } from '../stages/set-up-sampler.ts';
import { StageClock } from '../stages/stage-clock.ts';
import { runSegments } from './run-segments.ts';
import { type Segment, segmentsOf } from './segments.ts';
import type { WorkerMemory } from './worker-memory.ts';
import { validateForModel, validateJob } from './validate-job.ts';

/** What a job tells while it runs, and how it learns that nobody wants it any more. */
export interface JobLink {
  progress(progress: Progress): void;
  preview(preview: Preview): void;
  state(state: DenoiseState): void;
  /** The outcome of a stage that has a key. */
  stage(stage: MadeStage): void;
  cancelled(): boolean;
}

/**
 * A job from its plain data to its picture.
 *
 * @throws InferenceError or ModelError; `inference/cancelled` within one evaluation of a cancel.
 */
export async function runJob(job: GenerateJob, link: JobLink, memory: WorkerMemory): Promise<GenerateResult> {
  const leave = memory.batcher.enter();
  try {
    return await runToPicture(job, link, memory, leave);
  } finally {
    leave();
  }
}

/** @param evaluated called when the networks that jobs may run together have done their part. */
async function runToPicture(
  job: GenerateJob,
  link: JobLink,
  memory: WorkerMemory,
  evaluated: () => void,
): Promise<GenerateResult> {
  validateJob(job);
  const clock = new StageClock();
  const used = new Map<string, Network>();
  const notes = new Set<string>();
  const circumstances = new Set<string>();
  const networks = countLoading(memory.networks, clock, used);

  let steps = job.steps;
  let stepsDone = 0;
  const report = (stage: Stage, milliseconds: number): void =>
    link.progress({ stage, step: stepsDone, steps, milliseconds });
  const stage = async <T>(name: Stage, work: () => Promise<T>): Promise<T> => {
    await stopIfCancelled(link, stepsDone);
    const result = await clock.time(name, work);
    report(name, clock.of(name));
    return result;
  };

  const model = await clock.load(() => memory.models.open(job.model.path, job.vae));
  validateForModel(job, model);
  const { checkpoint, cell, vae } = model;
  const shape: LatentShape = {
    channels: vae.config.latentChannels,
    height: job.height / cell,
    width: job.width / cell,
  };
  const segments = segmentsOf(job);
  const spans = await laySpans(segments, checkpoint);
  steps = stepsOf(spans);
  const resumed = resumeFrom(job, spans, shape);
  stepsDone = resumed?.step ?? 0;
  const loadAdapters = (part: GenerateJob): Promise<ActiveAdapters> =>
    clock.load(() => ActiveAdapters.load(part.adapters, model, memory.adapters, notes));
  // Files that cannot be used are told of before anything is computed.
  for (const { job: part } of segments) await loadAdapters(part);
  const embeddings = await clock.load(() => loadEmbeddings(job.embeddings ?? []));
  const controls = await clock.load(() => ActiveControls.open(job, model, shape, networks));
  report('load', clock.of('load'));

  let encoding: GenerateResult['encoding'] = job.init === null ? null : 'whole';
  const vaeUse: DecodeUse = {
    model,
    networks,
    compute: job.compute,
    notes: circumstances,
    ...(job.reuseEncoding === undefined ? {} : { reuse: reuseMoments(job.reuseEncoding === 'changed') }),
  };
  function reuseMoments(parts: boolean): NonNullable<DecodeUse['reuse']> {
    const key = `${model.identity} ${job.width}x${job.height} ${JSON.stringify(job.compute)}`;
    return async (planes, size, encoder) => {
      const { moments, how } = await memory.encoded.encode(
        { key, planes, shape: size, cell },
        parts,
        encoder,
      );
      encoding = how;
      return moments;
    };
  }
  const decode = (latent: Float32Array): Promise<Float32Array> => decodePicture(latent, shape, vaeUse);
  const previews = new Previews({
    shape,
    cell,
    steps,
    every: job.previewEvery,
    experience: experienceOf(memory, model.identity),
    decode,
  });
  let linears: LinearsInUse | undefined;
  /** False once memory or a device was other than asked for: then nothing is kept for other jobs. */
  const ordinary = (): boolean =>
    [...used.values()].every(({ provider, converted }) => provider === job.compute.provider && !converted) &&
    linears?.scheme === job.compute.linear;

  const stepMilliseconds: number[] = [];
  /** Whether another job has run beside this one, and what its own evaluations take without. */
  const alone = { accompanied: false, milliseconds: 0 };
  const reused: OutputReuse[] = [];
  const final = await runSegments({
    job,
    segments,
    spans,
    resumed,
    model,
    shape,
    networks,
    memory,
    vaeUse,
    embeddings,
    controls,
    words: new RegionalWords(job.regions ?? []),
    runUnet: (evaluation) => {
      alone.accompanied ||= memory.batcher.members > 1;
      const took = (milliseconds: number): void => void (alone.milliseconds += milliseconds);
      return memory.batcher.evaluate({ ...evaluation, took });
    },
    linearsFor: async (text) =>
      (linears = await clock.load(() => linearsFor(job, model, shape, text, circumstances))),
    loadAdapters,
    notes,
    reuseFor: ({ sampler }) => {
      if (job.reuseOutputs === undefined) return null;
      const reuse = new OutputReuse(job.reuseOutputs, sampler.endIndex - sampler.startIndex);
      reused.push(reuse);
      return reuse;
    },
    stage,
    made: (one) => {
      if (ordinary()) link.stage(one);
    },
    networkLoaded: ({ converted }) => {
      if (converted)
        circumstances.add('The weights were converted to fp32 once, as so many steps make up for it.');
    },
    beforeEvaluation: () => stopIfCancelled(link, stepsDone),
    afterStep: async (finished) => {
      stepsDone = finished.state.step;
      stepMilliseconds.push(finished.milliseconds);
      // A run that forecasts cannot go on from a state: what it forecasts from is not in it.
      if (job.reuseOutputs === undefined) link.state({ ...finished.state, ordinary: ordinary() });
      report('denoise', finished.milliseconds);
      const preview = await previews.after(finished);
      if (preview) link.preview(preview);
    },
  });

  evaluated();
  const picture = await stage('decode', async () => {
    const begun = performance.now();
    const planes = await decode(final.latent);
    previews.learn(final.latent, planes, performance.now() - begun);
    const painted = toRgba(planes, job.width, job.height);
    return job.init && job.mask && job.layOver !== false
      ? layOver(painted, job.init.image, job.mask.coverage)
      : painted;
  });
  await stopIfCancelled(link, stepsDone);
  for (const { report: told } of reused) circumstances.add(reuseNote(told));
  return {
    ...picture,
    latent: final.latent,
    latentShape: [shape.channels, shape.height, shape.width],
    timings: clock.timings(),
    stepMilliseconds,
    ...(alone.accompanied && { aloneMilliseconds: alone.milliseconds }),
    encoding,
    providers: Object.fromEntries([...used].map(([name, { provider }]) => [name, provider])),
    ...(linears === undefined ? {} : { linear: { scheme: linears.scheme, error: linears.error } }),
    notes: [...notes],
    circumstances: [...circumstances],
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

/** The state to go on from, checked against the run that it is said to belong to. */
function resumeFrom(job: GenerateJob, spans: readonly Span[], shape: LatentShape): DenoiseState | undefined {
  const wanted = latentLength(shape);
  if (job.initialLatent && job.initialLatent.length !== wanted) {
    throw new InferenceError(
      'inference/job-invalid',
      `The initial latent has ${job.initialLatent.length} values where this size has ${wanted}.`,
      'Give it at the size of the job.',
    );
  }
  const { resume } = job;
  if (resume === null) return undefined;
  const state = resume.sampler as SamplerState;
  const whole = state.latent.length === wanted && resume.clean?.length === wanted;
  if (whole && spans.some((span) => standsIn(span, state, resume.step))) return resume;
  throw new InferenceError(
    'inference/job-invalid',
    'The state to go on from does not belong to this job.',
    'Start the job from its beginning.',
  );
}

function standsIn(span: Span, { index }: SamplerState, step: number): boolean {
  return index >= span.entry && index <= span.end && stepsDone(span, index) === step;
}

/** A sampler for each part; parts of one schedule share theirs. */
async function laySpans(segments: readonly Segment[], checkpoint: Checkpoint): Promise<Span[]> {
  const samplers: Sampler[] = [];
  for (const { job, change } of segments) {
    const last = samplers.at(-1);
    samplers.push(
      last === undefined || change?.steps !== undefined ? await setUpSampler(job, checkpoint) : last,
    );
  }
  return layTimeline(
    samplers,
    segments.flatMap(({ change }) => change?.step ?? []),
  );
}

/** Lets messages in, then throws if one of them was a cancel. */
async function stopIfCancelled(link: JobLink, step: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (!link.cancelled()) return;
  throw new InferenceError('inference/cancelled', `Cancelled after step ${step}.`, 'Nothing was changed.');
}

function countLoading(networks: NetworkCache, clock: StageClock, used: Map<string, Network>): NetworkCache {
  return {
    ...networks,
    async get(request) {
      const network = await clock.load(() => networks.get(request));
      used.set(request.name, network);
      return network;
    },
  };
}

function experienceOf({ decoders }: WorkerMemory, identity: string): DecoderExperience {
  const known = decoders.get(identity) ?? { decodeMilliseconds: new Map() };
  decoders.set(identity, known);
  return known;
}

/** What forecasting came to, for a person. */
function reuseNote({ forecast, evaluations, error }: ReuseReport): string {
  const off =
    error === null ? '' : ` Where they were checked, forecasts were off by ${(error * 100).toFixed(1)}%.`;
  return `Approximate: ${forecast} of ${evaluations} evaluations were forecast.${off}`;
}
