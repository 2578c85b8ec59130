import type { NoiseState } from '../../../native-models/noise/noise-generator.ts';
import { createNoise, restoreNoise } from '../../../native-models/noise/create-noise.ts';
import type { TextualInversion } from '../../../native-models/adapters/textual-inversion.ts';
import type { DenoiseState, GenerateJob, MadeStage, Mask, Stage } from '../protocol.ts';
import type { SamplerState } from '../samplers/sampler.ts';
import { type Span, stepCount } from '../samplers/timeline.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { ActiveAdapters } from '../stages/adapter-inputs.ts';
import type { ActiveControls } from '../stages/active-controls.ts';
import type { DecodeUse } from '../stages/decode.ts';
import { denoise, type DenoiseRun, type FinishedStep } from '../stages/denoise.ts';
import type { Moments } from '../stages/encode-image.ts';
import { type ConditioningAtStep, encodeSegment } from '../stages/encode-segment.ts';
import { enterChange } from '../stages/enter-change.ts';
import { type FollowedCells, followedCells } from '../stages/follow.ts';
import type { LatentShape } from '../stages/latent-scale.ts';
import type { LinearsInUse } from '../stages/fewer-bits.ts';
import { loadUnet } from '../stages/load-unet.ts';
import type { OpenedModel } from '../stages/opened-model.ts';
import type { OutputReuse } from '../stages/output-reuse.ts';
import type { RegionalWords } from '../stages/regional-words.ts';
import type { TextShape } from '../stages/text-shape.ts';
import { type PreparedLatent, prepareLatent } from '../stages/prepare-latent.ts';
import type { WorkerMemory } from './worker-memory.ts';
import type { Segment } from './segments.ts';

/** What the parts of a run are done with. */
export interface SegmentsRun {
  readonly job: GenerateJob;
  readonly segments: readonly Segment[];
  /** One for each segment. */
  readonly spans: readonly Span[];
  readonly resumed: DenoiseState | undefined;
  readonly model: OpenedModel;
  readonly shape: LatentShape;
  readonly networks: NetworkCache;
  readonly memory: WorkerMemory;
  readonly vaeUse: DecodeUse;
  readonly embeddings: ReadonlyMap<string, TextualInversion>;
  readonly controls: ActiveControls;
  readonly words: RegionalWords;
  /** Forms of the denoiser's linear layers, told to whoever writes the result. */
  readonly linearsFor: (text: TextShape) => Promise<LinearsInUse | undefined>;
  readonly loadAdapters: (job: GenerateJob) => Promise<ActiveAdapters>;
  readonly notes: Set<string>;
  /** Forecasts outputs in a part of the run, where that was asked for. */
  readonly reuseFor: (span: Span) => OutputReuse | null;
  /** Times and reports a stage. */
  readonly stage: <T>(name: Stage, work: () => Promise<T>) => Promise<T>;
  readonly made: (stage: MadeStage) => void;
  readonly networkLoaded: (network: Network) => void;
  readonly runUnet: DenoiseRun['runUnet'];
  readonly beforeEvaluation: () => Promise<void>;
  readonly afterStep: (finished: FinishedStep) => Promise<void>;
}

/** Where a run stands between two parts. */
interface Standing {
  readonly state: SamplerState;
  readonly clean: Float32Array;
  readonly noise: NoiseState;
}

/**
 * Denoises a job part by part, from its beginning or from the state that it goes on from.
 *
 * @returns the sampler's last state, with the clean latent in it.
 */
export async function runSegments(run: SegmentsRun): Promise<SamplerState> {
  const { segments, spans, resumed } = run;
  const latentFor = createLatents(run);
  const begin =
    resumed === undefined ? 0 : spans.findLastIndex(({ from }, i) => i === 0 || from < resumed.step);
  let standing: Standing | undefined = resumed && { ...resumed, state: resumed.sampler as SamplerState };

  for (let index = begin; index < segments.length; index += 1) {
    const [segment, span, before] = [segments[index], spans[index], spans[index - 1]];
    if (segment === undefined || span === undefined) break;
    const { job: part, change } = segment;
    const masked = part.mask !== undefined || run.model.checkpoint.inpainting;
    // A run that goes on may stand at the end of this part already.
    const runs: boolean =
      standing === undefined || index > begin ? span.entry < span.end : standing.state.index < span.end;
    const words = runs ? await readWords(run, index, part, span) : null;
    const latent = standing === undefined || masked ? await latentFor(part) : null;
    const kept = latent?.prepared.kept ?? null;
    if (standing === undefined) {
      if (latent === null) throw new RangeError('a run begins with a latent');
      standing = { ...latent.prepared, noise: latent.noise };
    }
    if (index > begin && change !== null && before !== undefined) {
      const crossing = { job: part, change, before, after: span, kept, follow: followIn(run, part) };
      const { state: sampler, clean } = standing;
      standing = { ...standing, state: enterChange({ sampler, clean }, crossing) };
    }
    if (words === null) continue;
    standing = await runSegment(run, { part, span, words }, standing, latent?.prepared ?? null);
  }
  if (standing === undefined) throw new RangeError('a run has at least one part');
  return standing.state;
}

/** What a part follows outside a mask. */
function followIn({ shape, model }: SegmentsRun, { follow }: GenerateJob): FollowedCells | null {
  return follow === undefined ? null : followedCells(follow, shape, model.cell);
}

/** The text of a part, and the adapters that it was encoded with. */
interface Words {
  readonly adapters: ActiveAdapters;
  readonly text: ConditioningAtStep;
}

async function readWords(run: SegmentsRun, index: number, part: GenerateJob, span: Span): Promise<Words> {
  const adapters = await run.loadAdapters(part);
  const text = await run.stage('encode-prompt', () => encodeText(run, index, part, span, adapters));
  return { adapters, text };
}

async function runSegment(
  run: SegmentsRun,
  { part, span, words }: { part: GenerateJob; span: Span; words: Words },
  from: Standing,
  prepared: PreparedLatent | null,
): Promise<Standing> {
  const { model, shape, networks, job } = run;
  const { checkpoint } = model;
  const { adapters, text } = words;
  const noise = restoreNoise(from.noise);
  let { clean } = from;
  const state = await run.stage('denoise', async () => {
    const rows = text(0);
    const [first] = rows;
    const use = {
      adapters,
      control: run.controls.any,
      regions: run.words.any,
      runs: span.sampler.endIndex - span.sampler.startIndex,
      linears: await run.linearsFor({ batch: rows.length, tokens: first?.tokens ?? 0 }),
    };
    const unet = (textShape: TextShape): Promise<Network> =>
      loadUnet(model, shape, textShape, use, networks, job.compute);
    // Loaded ahead of the first step, which would be blamed for its time.
    if (first && rows.every((row) => row.tokens === first.tokens)) {
      run.networkLoaded(await unet({ batch: rows.length, tokens: first.tokens }));
    }
    return denoise(
      {
        kept: prepared?.kept ?? null,
        follow: followIn(run, part),
        reuse: run.reuseFor(span),
        extraChannels: prepared?.extraChannels ?? null,
        unet,
        runUnet: run.runUnet,
        config: checkpoint.unet.config,
        span,
        prediction: checkpoint.predictionType,
        noise,
        guidance: {
          scale: part.guidance,
          rescale: part.guidanceRescale ?? 0,
          interval: part.guidanceInterval ?? { start: 0, end: 1 },
        },
        text,
        adapters,
        controls: run.controls,
        words: run.words,
      },
      from.state,
      run.beforeEvaluation,
      async (finished) => {
        clean = finished.state.clean;
        await run.afterStep(finished);
      },
    );
  });
  return { state, clean, noise: noise.state };
}

function encodeText(
  run: SegmentsRun,
  index: number,
  part: GenerateJob,
  { sampler }: Span,
  adapters: ActiveAdapters,
): Promise<ConditioningAtStep> {
  const { model, networks, embeddings, memory, notes, job } = run;
  return encodeSegment(
    {
      job: part,
      model,
      networks,
      adapters,
      embeddings,
      tokenizers: memory.tokenizers,
      steps: stepCount(sampler),
      notes,
    },
    { keys: job.stages?.keys.text[index], given: job.stages?.given, made: run.made },
  );
}

/**
 * The latent that a run begins with, and what a mask keeps of its picture: drawn from the seed anew for each mask, so
 * that a run that goes on later keeps the same.
 */
function createLatents(run: SegmentsRun) {
  const known = new Map<Mask | undefined, Promise<{ prepared: PreparedLatent; noise: NoiseState }>>();
  const { job, shape, spans, vaeUse, stage } = run;
  const prepare = async (part: GenerateJob) => {
    const sampler = spans[0]?.sampler;
    if (sampler === undefined) throw new RangeError('a run has at least one part');
    const noise = createNoise(job.noise, job.seed);
    const prepared = await stage('prepare-latent', () =>
      prepareLatent(part, shape, sampler, noise, vaeUse, momentsOf(run)),
    );
    return { prepared, noise: noise.state };
  };
  return (part: GenerateJob) => {
    const latent = known.get(part.mask) ?? prepare(part);
    known.set(part.mask, latent);
    return latent;
  };
}

function momentsOf({ job, made }: SegmentsRun): Moments | undefined {
  const key = job.stages?.keys.image ?? undefined;
  if (key === undefined) return undefined;
  const kept = job.stages?.given.get(key);
  return {
    known: kept?.kind === 'image' ? kept.moments : undefined,
    made: (moments, milliseconds) => made({ key, value: { kind: 'image', moments }, milliseconds }),
  };
}
