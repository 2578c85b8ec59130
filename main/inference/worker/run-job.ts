import { createNoise, restoreNoise } from '../../../native-models/noise/create-noise.ts';
import type { Tokenizer } from '../../../native-models/text/tokenizer.ts';
import { InferenceError } from '../errors.ts';
import type { DenoiseState, GenerateJob, GenerateResult, Preview, Progress, Stage } from '../protocol.ts';
import type { Sampler, SamplerState } from '../samplers/sampler.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { PACKED_BELOW } from '../sessions/session-options.ts';
import { ActiveControls } from '../stages/active-controls.ts';
import { ActiveAdapters } from '../stages/adapter-inputs.ts';
import { decodePicture, type DecodeUse } from '../stages/decode.ts';
import { denoise, stepCount } from '../stages/denoise.ts';
import type { EncodingMemory } from '../stages/encode-changed.ts';
import { encodePrompts } from '../stages/encode-prompt.ts';
import { type LinearsInUse, linearsFor } from '../stages/fewer-bits.ts';
import { latentLength, type LatentShape } from '../stages/latent-scale.ts';
import type { LoadedAdapter } from '../stages/load-adapter.ts';
import { loadEmbeddings } from '../stages/load-embeddings.ts';
import { loadUnet } from '../stages/load-unet.ts';
import { openModel, weightBytes } from '../stages/opened-model.ts';
import { layOver, toRgba } from '../stages/pixels.ts';
import { prepareLatent } from '../stages/prepare-latent.ts';
import { type DecoderExperience, Previews } from '../stages/preview.ts';
import { RegionalWords } from '../stages/regional-words.ts';
import { setUpSampler } from '../stages/set-up-sampler.ts';
import { StageClock } from '../stages/stage-clock.ts';
import type { TextShape } from '../stages/text-shape.ts';
import { validateForModel, validateJob } from './validate-job.ts';

/** What a job tells while it runs, and how it learns that nobody wants it any more. */
export interface JobLink {
  progress(progress: Progress): void;
  preview(preview: Preview): void;
  state(state: DenoiseState): void;
  cancelled(): boolean;
}

/** What stays in the worker between jobs. */
export interface WorkerMemory {
  readonly networks: NetworkCache;
  /** By the identity of the model. */
  readonly decoders: Map<string, DecoderExperience>;
  /** By their file and model. */
  readonly adapters: Map<string, LoadedAdapter>;
  /** By their folder. */
  readonly tokenizers: Map<string, Tokenizer>;
  readonly encoded: EncodingMemory;
}

/**
 * A job from its plain data to its picture.
 *
 * @throws InferenceError or ModelError; `inference/cancelled` within one evaluation of a cancel.
 */
export async function runJob(job: GenerateJob, link: JobLink, memory: WorkerMemory): Promise<GenerateResult> {
  validateJob(job);
  const clock = new StageClock();
  const used = new Map<string, Network>();
  const notes = new Set<string>();
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

  const model = await clock.load(() => openModel(job.model.path, job.vae));
  validateForModel(job, model);
  const { checkpoint, cell, vae } = model;
  const shape: LatentShape = {
    channels: vae.config.latentChannels,
    height: job.height / cell,
    width: job.width / cell,
  };
  const sampler = await setUpSampler(job, checkpoint);
  steps = stepCount(sampler);
  const resumed = resumeFrom(job, sampler, shape);
  stepsDone = job.resume?.step ?? 0;
  const adapters = await clock.load(() => ActiveAdapters.load(job.adapters, model, memory.adapters, notes));
  const embeddings = await clock.load(() => loadEmbeddings(job.embeddings ?? []));
  const controls = await clock.load(() => ActiveControls.open(job, model, shape, networks));
  const words = new RegionalWords(job.regions ?? []);
  report('load', clock.of('load'));

  const text = await stage('encode-prompt', () =>
    encodePrompts({
      job,
      model,
      networks,
      adapters,
      embeddings,
      tokenizers: memory.tokenizers,
      steps,
      notes,
    }),
  );
  let encoding: GenerateResult['encoding'] = job.init === null ? null : 'whole';
  const vaeUse: DecodeUse = {
    model,
    networks,
    compute: job.compute,
    notes,
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
  const fresh = createNoise(job.noise, job.seed);
  // A run that goes on needs what is kept and conditioned on again, and draws it from the seed again.
  const prepared =
    resumed === undefined || job.mask !== undefined || checkpoint.inpainting
      ? await stage('prepare-latent', () => prepareLatent(job, shape, sampler, fresh, vaeUse))
      : { state: resumed, kept: null, extraChannels: null };
  const noise = job.resume ? restoreNoise(job.resume.noise) : fresh;

  const decode = (latent: Float32Array): Promise<Float32Array> => decodePicture(latent, shape, vaeUse);
  const previews = new Previews({
    shape,
    cell,
    sampler,
    prediction: checkpoint.predictionType,
    steps,
    every: job.previewEvery,
    experience: experienceOf(memory, model.identity),
    decode,
  });

  const stepMilliseconds: number[] = [];
  let linears: LinearsInUse | undefined;
  const final = await stage('denoise', async () => {
    const runs = sampler.endIndex - sampler.startIndex;
    const rows = text(0);
    const [first] = rows;
    const wide = { batch: rows.length, tokens: first?.tokens ?? 0 };
    linears = await clock.load(() => linearsFor(job, model, shape, wide, notes));
    const use = { adapters, control: controls.any, regions: words.any, runs, linears };
    const unet = (textShape: TextShape): Promise<Network> =>
      loadUnet(model, shape, textShape, use, networks, job.compute);
    // Loaded ahead of the first step, which would be blamed for its time.
    if (first && rows.every((row) => row.tokens === first.tokens)) {
      const { packed } = await unet({ batch: rows.length, tokens: first.tokens });
      const large = weightBytes(checkpoint.unet.weights) >= PACKED_BELOW;
      if (packed && large)
        notes.add('The weights were converted to fp32 once, as so many steps make up for it.');
    }
    return denoise(
      {
        ...prepared,
        unet,
        config: checkpoint.unet.config,
        sampler,
        noise,
        guidance: {
          scale: job.guidance,
          rescale: job.guidanceRescale ?? 0,
          interval: job.guidanceInterval ?? { start: 0, end: 1 },
        },
        text,
        adapters,
        controls,
        words,
      },
      resumed ?? prepared.state,
      () => stopIfCancelled(link, stepsDone),
      async (finished) => {
        stepsDone = finished.state.step;
        stepMilliseconds.push(finished.milliseconds);
        link.state(finished.state);
        report('denoise', finished.milliseconds);
        const preview = await previews.after(finished);
        if (preview) link.preview(preview);
      },
    );
  });

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
  return {
    ...picture,
    latent: final.latent,
    latentShape: [shape.channels, shape.height, shape.width],
    timings: clock.timings(),
    stepMilliseconds,
    encoding,
    providers: Object.fromEntries([...used].map(([name, { provider }]) => [name, provider])),
    ...(linears === undefined ? {} : { linear: { scheme: linears.scheme, error: linears.error } }),
    notes: [...notes],
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

/** The state to go on from, checked against the run that it is said to belong to. */
function resumeFrom(job: GenerateJob, sampler: Sampler, shape: LatentShape): SamplerState | undefined {
  const wanted = latentLength(shape);
  if (job.initialLatent && job.initialLatent.length !== wanted) {
    throw new InferenceError(
      'inference/job-invalid',
      `The initial latent has ${job.initialLatent.length} values where this size has ${wanted}.`,
      'Give it at the size of the job.',
    );
  }
  if (job.resume === null) return undefined;
  const state = job.resume.sampler as SamplerState;
  if (
    state.latent.length === wanted &&
    state.index >= sampler.startIndex &&
    state.index <= sampler.endIndex
  ) {
    return state;
  }
  throw new InferenceError(
    'inference/job-invalid',
    'The state to go on from does not belong to this job.',
    'Start the job from its beginning.',
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
