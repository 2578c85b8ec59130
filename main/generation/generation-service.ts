import Database from 'better-sqlite3';
import {
  type GenerationRequest,
  type Plan,
  type RequestParams,
  type RequestResult,
  type ResultSummary,
  StudioError,
  type StudioErrorData,
  type StudioEvent,
} from '../../preload/contract/index.ts';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import type { InferenceHost } from '../inference/host/inference-host.ts';
import type { ComputeSettings } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import type { ComputeForm } from '../verify/model-verdict.ts';
import type { GenerationCache } from './cache/generation-cache.ts';
import type { FormGate } from './choose-form.ts';
import { createFeatureMaker } from './control-features/feature-maker.ts';
import { type CountedRun, countEvaluations } from './count-evaluations.ts';
import { easeRequest, type InTime } from './ease-request.ts';
import { openInputStore } from './inputs/input-store.ts';
import { openKnownParts } from './known-parts.ts';
import { chooseCrop } from './local-edit/choose-crop.ts';
import { beginNear } from './near/begin-near.ts';
import { createPromptIndex, type PromptIndex } from './near/prompt-index.ts';
import { type Price, priceRun, runSeconds } from './price.ts';
import { createGenerationQueue, type GenerationQueue } from './queue/generation-queue.ts';
import { createJobRuns } from './queue/job-runs.ts';
import { openJobTable, QUEUE_TABLES } from './queue/job-table.ts';
import { restoreStored, storeRequest } from './queue/stored-request.ts';
import { type ResolvedRequest, resolveRequest } from './resolve-request.ts';
import { type FinishedPicture, openResultStore, resultFile, resultsFolder } from './result-store.ts';
import { openResultsDatabase } from './results-database.ts';
import { runKind } from './run-kind.ts';
import { openStageTimes } from './stage-times.ts';
import { createGrids, type Grids } from './variation/grids.ts';
import { createVariations, type Variations } from './variation/variations.ts';

/** Newest results whose prompts are looked through for near ones. */
const INDEXED = 5000;

/** Milliseconds within which changes of the queue are told together. */
const TELL_QUEUE_WITHIN = 40;

/** Requests about making pictures; parameters are parsed already. */
export interface GenerationService {
  /** @throws StudioError `models/…` @throws ModelError for samplers and step counts that there are not */
  readonly price: (params: RequestParams<'generation.price'>) => Promise<RequestResult<'generation.price'>>;
  /** @throws StudioError `models/…` */
  readonly localCrop: (
    params: RequestParams<'generation.local-crop'>,
  ) => Promise<RequestResult<'generation.local-crop'>>;
  /**
   * Checks a request and puts it in the queue; what follows comes as events.
   * @throws StudioError, ModelError when it cannot be run at all: then nothing was started.
   */
  readonly start: (request: GenerationRequest) => Promise<{ jobId: string }>;
  /** Stops a job within one step, or takes it out of the queue; nothing happens when it has ended already. */
  readonly cancel: (jobId: string) => void;
  /** Keeps a picture that was made outside the queue. @throws StudioError `generation/result-unwritable` */
  readonly keep: (picture: FinishedPicture) => Promise<ResultSummary>;
  readonly results: (limit: number) => ResultSummary[];
  /** @throws StudioError `generation/result-missing` */
  readonly result: (resultId: string) => Promise<RequestResult<'generation.result'>>;
  /** A result's PNG file. @throws StudioError `generation/result-missing` */
  readonly picture: (resultId: string) => Promise<Uint8Array>;
  readonly queue: Pick<GenerationQueue, 'state' | 'move' | 'pause' | 'hold' | 'clear' | 'restore'> & {
    /** @throws StudioError `queue/unknown-job` */
    readonly repeat: (jobId: string, seed: number | undefined) => Promise<{ jobId: string }>;
  };
  readonly variations: Variations;
  readonly grids: Grids;
  /** Takes up the jobs that an earlier process left. */
  readonly resumeQueue: () => void;
  /** Stops the running job, leaves the queue to the next process where it is kept, and closes the files. */
  readonly close: () => Promise<void>;
}

/** What the service is given. */
export interface GenerationOptions {
  readonly dataFolder: string;
  readonly library: Pick<ModelLibrary, 'get' | 'list' | 'open' | 'fitAdapter' | 'findAdapter' | 'hashFile'>;
  readonly host: Pick<InferenceHost, 'run' | 'unload'>;
  readonly devices: () => Promise<DeviceReport>;
  readonly emit: (event: StudioEvent) => void;
  /** Plain form of whatever a job threw. */
  readonly describeError: (error: unknown) => StudioErrorData;
  /** A preview after every so many steps; 0 for none. */
  readonly previewEvery: number;
  /** Which forms of computing may be used, and how one is checked; left out, as in tests, all may. */
  readonly gate?: FormGate & {
    readonly judge: (model: LibraryModel, form: ComputeForm, signal: AbortSignal) => Promise<void>;
  };
  /** Told how many jobs run or wait, whenever that changes. */
  readonly onQueue?: (jobs: number) => void;
  /** What earlier runs left; left out, every job runs from its beginning. */
  readonly cache?: GenerationCache;
  /** True to keep the queue beyond the process; when left out, it ends with it. */
  readonly keepQueue?: boolean;
}

/** Opens results, times and the queue under the data folder. */
export function createGenerationService(options: GenerationOptions): GenerationService {
  const { emit, library, devices, host, cache, keepQueue = false } = options;
  const database = openResultsDatabase(options.dataFolder);
  const store = openResultStore(resultsFolder(options.dataFolder), database);
  const times = openStageTimes(database);
  const inputs = openInputStore(options.dataFolder);
  const features = createFeatureMaker(cache, times);
  const parts = openKnownParts(database, library);
  const table = openJobTable(keepQueue ? database : memoryDatabase());
  /** Requests of jobs that were put in by this process. */
  const requests = new Map<string, GenerationRequest>();
  /** Requests are admitted one by one, so that they queue in the order of the calls. */
  let admitted: Promise<unknown> = Promise.resolve();
  let telling: NodeJS.Timeout | null = null;
  /** Made when it is first asked for. */
  let prompts: PromptIndex | null = null;

  const resolve = (request: GenerationRequest): Promise<ResolvedRequest> =>
    resolveRequest(request, {
      library,
      devices,
      gate: options.gate,
      previewEvery: options.previewEvery,
      inputs,
      features,
    });
  const restore = async (jobId: string): Promise<GenerationRequest> => {
    const known = requests.get(jobId);
    if (known !== undefined) return known;
    const stored = table.get(jobId)?.request ?? '';
    if (stored === '') throw unknownJob(jobId);
    return restoreStored(stored, inputs);
  };
  const tellQueue = (): void => {
    options.onQueue?.(queue.ids().length);
    telling ??= setTimeout(() => {
      telling = null;
      if (database.open) emit({ name: 'queue.changed', payload: queue.state() });
    }, TELL_QUEUE_WITHIN);
  };
  const runs = createJobRuns({
    host,
    store,
    cache,
    times,
    parts,
    emit,
    describeError: options.describeError,
    resolve,
    restore,
    judge: options.gate?.judge,
    eased: (jobId, how) => queue.ease(jobId, how),
  });
  const queue = createGenerationQueue(table, {
    run: runs.run,
    mayJoin: runs.mayJoin,
    progress: runs.progress,
    dropped: runs.dropped,
    changed: tellQueue,
  });

  /** The request as it can be done in time; what is there already takes none. */
  const inTime = async (request: GenerationRequest): Promise<InTime<GenerationRequest>> => {
    const { doneWithin } = request;
    if (doneWithin === undefined || (await variations.plan(request)).seconds <= doneWithin) {
      return { request, words: [] };
    }
    const model = await library.get(request.modelId);
    const { compute } = await devices();
    // A part of a picture is worked on at a size of its own.
    const part = request.local === undefined ? null : (await resolve(request)).job;
    return easeRequest(request, model.card.sizeMultiple, (candidate) =>
      priceAsked(
        {
          ...candidate,
          ...(part && { width: part.width, height: part.height }),
          strength: candidate.init?.strength ?? null,
        },
        model,
        compute,
      ),
    );
  };
  const priceAsked = (
    asked: CountedRun & Parameters<typeof runKind>[2],
    model: LibraryModel,
    compute: ComputeSettings,
  ): Price => {
    const evaluations = countEvaluations(asked);
    const kind = runKind(model, compute, asked, evaluations);
    return priceRun(times, kind, evaluations, model.card, runs.warm() === model.path);
  };
  /** The request as it will run: begun as a near one, or eased, where it asks for that. */
  const ready = async (asked: GenerationRequest): Promise<InTime<GenerationRequest>> => {
    const begun = await beginNear(asked, {
      find: (prompt, within) => {
        prompts ??= createPromptIndex(store.list(INDEXED).map(({ recipe }) => recipe.prompt));
        return prompts.find(prompt, within);
      },
      plan: (request) => variations.plan(request),
    });
    return inTime(begun);
  };
  const planReady = async (asked: GenerationRequest): Promise<InTime<GenerationRequest> & { plan: Plan }> => {
    const { request, words } = await ready(asked);
    return { request, words, plan: { ...(await variations.plan(request)), eased: [...words] } };
  };
  const admit = async (asked: GenerationRequest): Promise<{ jobId: string }> => {
    const { request, words } = await ready(asked);
    const resolved = await resolve(request);
    const stored = keepQueue ? await storeRequest(request, inputs) : '';
    const job = runs.admit(resolved, queue.ids());
    const jobId = queue.add({ request, stored, steps: job.steps, secondsLeft: job.clock.left() });
    requests.set(jobId, request);
    runs.add(jobId, job);
    prompts?.add(request.prompt);
    const { begunAs } = request.approximations?.prompts ?? {};
    if (begunAs !== undefined) setImmediate(tellBegun, begunAs, request.changes?.[0]?.step ?? 0, job.steps);
    if (words.length > 0) setImmediate(tellEased, jobId, asked.doneWithin ?? 0, words);
    return { jobId };
  };
  const tellEased = (jobId: string, within: number, words: readonly string[]): void => {
    const message = `To be done within ${within} s: ${words.join(', ')}.`;
    queue.ease(jobId, message);
    emit({ name: 'studio.notice', payload: { level: 'info', message, remedy: '' } });
  };
  const tellBegun = (prompt: string, step: number, steps: number): void => {
    const message = `Approximate: the first ${step} of ${steps} steps are those of "${prompt.slice(0, 80)}".`;
    emit({
      name: 'studio.notice',
      payload: { level: 'info', message, remedy: 'Its recipe card compares it with the exact picture.' },
    });
  };
  const start = (request: GenerationRequest): Promise<{ jobId: string }> => {
    const started = admitted.then(() => admit(request));
    admitted = started.catch(() => {});
    return started;
  };
  const price = ({ model, job, evaluations }: ResolvedRequest): Price => {
    const kind = runKind(model, job.compute, { ...job, sampler: job.sampler.id }, evaluations);
    return priceRun(times, kind, evaluations, model.card, runs.warm() === model.path);
  };
  const variations = createVariations({
    store,
    files: parts,
    inputs,
    cache,
    resolve,
    price,
    featureSeconds: times.featureSeconds,
    start,
  });

  const grids = createGrids({
    plan: variations.planAfter,
    // What is compared must be what its labels say.
    start: (request) => start({ ...request, doneWithin: undefined }),
    fileOf: (resultId) => resultFile(options.dataFolder, resultId),
  });

  return {
    variations: {
      ...variations,
      plan: async (asked) => (await planReady(asked)).plan,
    },
    grids,
    start,
    cancel: queue.cancel,
    queue: {
      ...queue,
      async repeat(jobId, seed) {
        const request = await restore(jobId);
        return start(seed === undefined ? request : { ...request, seed });
      },
    },
    async price(params) {
      const model = await library.get(params.modelId);
      const { compute } = await devices();
      const { strength, controls, regions, ...plain } = params;
      // Without its pictures a run has no name; one that comes to no step is not a run.
      const pictures = strength !== null || [controls, regions].some((parts) => (parts ?? []).length > 0);
      const planned =
        pictures || countEvaluations(params).steps === 0
          ? null
          : await planReady({ ...plain, init: null }).catch(() => null);
      const { request, words } =
        planned ??
        easeRequest(params, model.card.sizeMultiple, (candidate) => priceAsked(candidate, model, compute));
      const counted = { ...request, strength, controls };
      const asked = priceAsked(counted, model, compute);
      return {
        seconds: runSeconds(asked),
        onceSeconds: asked.load,
        savedSeconds: 0,
        rows: [],
        ...(planned && costsOf(planned.plan)),
        measured: asked.measured,
        evaluations: countEvaluations(counted).total,
        eased: [...words],
      };
    },
    async localCrop({ modelId, picture, bounds }) {
      const { card } = await library.get(modelId);
      const { rect, width, height } = chooseCrop(picture, bounds, card);
      return { crop: rect, width, height };
    },
    keep: store.keep,
    results: store.list,
    result: store.read,
    picture: store.readPng,
    resumeQueue: queue.resume,
    async close() {
      await admitted;
      await queue.close(keepQueue);
      if (telling !== null) clearTimeout(telling);
      await cache?.stages.settled();
      database.close();
    },
  };
}

/** What a plan costs. */
function costsOf({ seconds, savedSeconds, onceSeconds, rows }: Plan) {
  return { seconds, savedSeconds, onceSeconds, rows };
}

/** A queue that lives with its process. */
function memoryDatabase(): Database.Database {
  const database = new Database(':memory:');
  database.exec(QUEUE_TABLES);
  return database;
}

function unknownJob(jobId: string): StudioError {
  return new StudioError(
    'queue/unknown-job',
    `The queue does not know the job ${jobId.slice(0, 64)} any more.`,
    'Start it again from its picture or from the prompt.',
  );
}
