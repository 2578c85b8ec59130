import { randomUUID } from 'node:crypto';
import type {
  GenerationRequest,
  RequestParams,
  RequestResult,
  ResultSummary,
  StudioErrorData,
  StudioEvent,
} from '../../preload/contract/index.ts';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import type { InferenceHost } from '../inference/host/inference-host.ts';
import type { ComputeSettings } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import { type ComputeForm, formName } from '../verify/model-verdict.ts';
import type { PictureCache } from './cache/picture-cache.ts';
import type { FormGate } from './choose-form.ts';
import { countEvaluations, type Evaluations } from './count-evaluations.ts';
import type { Remaining } from './countdown.ts';
import { chooseCrop } from './local-edit/choose-crop.ts';
import { createJobClock, type JobClock } from './job-clock.ts';
import { createJobQueue } from './job-queue.ts';
import { priceRun, runSeconds } from './price.ts';
import { type ResolvedRequest, resolveRequest } from './resolve-request.ts';
import { type FinishedPicture, openResultStore, resultsFolder } from './result-store.ts';
import { openResultsDatabase } from './results-database.ts';
import { type JobEvents, type JobOutcome, runJob } from './run-job.ts';
import { openStageTimes, type RunKind } from './stage-times.ts';
import { LOADING, recoveryWords, stageWords, WAITING } from './words.ts';

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
  /** Ends running and waiting jobs and closes the files. */
  readonly close: () => Promise<void>;
}

/** What the service is given. */
export interface GenerationOptions {
  readonly dataFolder: string;
  readonly library: Pick<ModelLibrary, 'get' | 'fitAdapter' | 'findAdapter' | 'hashFile'>;
  readonly host: Pick<InferenceHost, 'run'>;
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
  /** Finished pictures for identical jobs; left out, every job runs. */
  readonly pictures?: PictureCache;
  /** Told how many jobs run or wait, whenever that changes. */
  readonly onQueue?: (jobs: number) => void;
}

interface Job {
  readonly id: string;
  readonly request: GenerationRequest;
  resolved: ResolvedRequest;
  readonly kind: RunKind;
  readonly clock: JobClock;
  /** Steps done. */
  step: number;
  /** Steps that run; the worker's count once it has told. */
  steps: number;
}

/** Opens results and times under the data folder and starts with an empty queue. */
export function createGenerationService(options: GenerationOptions): GenerationService {
  const { emit, library, devices, host, pictures } = options;
  const database = openResultsDatabase(options.dataFolder);
  const store = openResultStore(resultsFolder(options.dataFolder), database);
  const times = openStageTimes(database);
  const bug = (error: unknown): void => {
    options.describeError(error);
  };
  const queue = createJobQueue(bug);
  const jobs = new Map<string, Job>();
  /** The model that the worker holds, as far as is known here. */
  let warm: string | null = null;
  /** Requests are admitted one by one, so that they queue in the order of the calls. */
  let admitted: Promise<unknown> = Promise.resolve();

  const progress = (job: Job, stage: string, { secondsLeft, cause }: Remaining): void =>
    emit({
      name: 'generation.progress',
      payload: { jobId: job.id, stage, step: job.step, steps: job.steps, secondsLeft, cause },
    });

  const failed = (job: Job, state: 'cancelled' | 'failed', error: StudioErrorData): void =>
    emit({ name: 'generation.failed', payload: { jobId: job.id, state, step: job.step, error } });

  const notify = (message: string, remedy: string): void =>
    emit({ name: 'studio.notice', payload: { level: 'warn', message, remedy } });

  const resolve = (request: GenerationRequest): Promise<ResolvedRequest> =>
    resolveRequest(request, { library, devices, gate: options.gate, previewEvery: options.previewEvery });

  /** Forms that nobody has judged are held against the processor first; a form found wrong gives way to the next. */
  const settleForm = async (job: Job, signal: AbortSignal): Promise<void> => {
    while (job.resolved.check !== null && options.gate !== undefined) {
      const { model, check } = job.resolved;
      const words = `Checking ${formName(check)} on ${model.card.name}, once`;
      progress(job, words, job.clock.waiting(0));
      warm = null;
      await options.gate.judge(model, check, signal);
      job.resolved = await resolve(job.request);
      for (const notice of job.resolved.notices) notify(notice.message, notice.remedy);
    }
  };

  const admit = async (request: GenerationRequest): Promise<{ jobId: string }> => {
    const resolved = await resolve(request);
    const { model, evaluations } = resolved;
    const kind = runKind(
      model,
      resolved.job.compute,
      { ...resolved.job, sampler: resolved.job.sampler.id },
      evaluations,
    );
    const before = queue.ids().reduce((sum, id) => sum + (jobs.get(id)?.clock.left() ?? 0), 0);
    const isWarm = before > 0 ? lastQueuedModel() === model.path : warm === model.path;
    const price = priceRun(times, kind, evaluations, model.card, isWarm);
    const clock = createJobClock(price, before, () => performance.now() / 1000);
    const job: Job = { id: randomUUID(), request, resolved, kind, clock, step: 0, steps: evaluations.steps };
    jobs.set(job.id, job);
    options.onQueue?.(jobs.size);
    // After the answer, so that whoever asked knows which job is spoken of.
    for (const notice of resolved.notices) setImmediate(notify, notice.message, notice.remedy);
    if (queue.ids().length > 0) setImmediate(progress, job, WAITING, clock.waiting(before));
    queue.add({ id: job.id, run: (signal) => run(job, signal) });
    return { jobId: job.id };
  };

  const lastQueuedModel = (): string | undefined => jobs.get(queue.ids().at(-1) ?? '')?.resolved.model.path;

  const run = async (job: Job, signal: AbortSignal): Promise<void> => {
    const { model } = job.resolved;
    const cold = warm !== model.path;
    progress(
      job,
      cold ? LOADING : stageWords({ stage: 'load', ...job, milliseconds: 0 }),
      job.clock.waiting(0),
    );
    try {
      await settleForm(job, signal);
      const services = { host, store, pictures };
      const outcome = await runJob(job.id, job.resolved, services, listeners(job), signal, cold);
      // A picture from the cache leaves the worker as it was.
      if (outcome.seconds !== null) warm = model.path;
      finish(job, outcome);
    } catch (error) {
      warm = null;
      const data = options.describeError(error);
      failed(job, signal.aborted ? 'cancelled' : 'failed', data);
    } finally {
      jobs.delete(job.id);
      options.onQueue?.(jobs.size);
    }
  };

  const listeners = (job: Job): JobEvents => ({
    progress(event) {
      job.step = event.step;
      job.steps = event.steps;
      progress(job, stageWords(event), job.clock.progress(event));
    },
    preview({ step, width, height, rgba }) {
      const payload = { jobId: job.id, step, raster: { width, height, rgba } };
      emit({ name: 'generation.preview', payload });
    },
    recovered(recovery) {
      warm = null;
      job.step = recovery.step;
      const message = recoveryWords(recovery, job.steps, store.count());
      emit({ name: 'generation.recovered', payload: { jobId: job.id, message } });
      progress(job, LOADING, job.clock.restarted(recovery.step, job.steps, 'the generator restarted'));
    },
  });

  const finish = (job: Job, { summary, seconds, notes, linear }: JobOutcome): void => {
    if (linear !== undefined) {
      const message = `Linear layers ran in ${linear.scheme}: an evaluation is ${(linear.error * 100).toFixed(2)} % off fp32.`;
      emit({ name: 'studio.notice', payload: { level: 'info', message, remedy: '' } });
    }
    if (seconds !== null) times.record(job.kind, seconds);
    for (const message of notes) notify(message, '');
    emit({ name: 'generation.finished', payload: { jobId: job.id, result: summary } });
  };

  return {
    async price(params) {
      const model = await library.get(params.modelId);
      const { compute } = await devices();
      const evaluations = countEvaluations(params);
      const kind = runKind(model, compute, params, evaluations);
      const price = priceRun(times, kind, evaluations, model.card, warm === model.path);
      return {
        seconds: runSeconds(price),
        onceSeconds: price.load,
        measured: price.measured,
        evaluations: evaluations.total,
      };
    },
    async localCrop({ modelId, picture, bounds }) {
      const { card } = await library.get(modelId);
      const { rect, width, height } = chooseCrop(picture, bounds, card);
      return { crop: rect, width, height };
    },
    start(request) {
      const started = admitted.then(() => admit(request));
      admitted = started.catch(() => {});
      return started;
    },
    cancel(jobId) {
      const job = jobs.get(jobId);
      if (job === undefined || queue.cancel(jobId) !== 'waiting') return;
      jobs.delete(jobId);
      options.onQueue?.(jobs.size);
      failed(job, 'cancelled', {
        code: 'inference/cancelled',
        message: 'Cancelled before its first step.',
        remedy: 'Nothing was changed.',
      });
    },
    keep: store.keep,
    results: store.list,
    result: store.read,
    picture: store.readPng,
    async close() {
      await admitted;
      await queue.close();
      database.close();
    },
  };
}

/** Under what a run's times are kept; the embedded model's family carries its version. */
function runKind(
  { card }: LibraryModel,
  compute: ComputeSettings,
  { sampler, width, height }: Pick<GenerationRequest, 'sampler' | 'width' | 'height'>,
  { guided, controls }: Evaluations,
): RunKind {
  const device = [
    compute.provider,
    compute.precision,
    compute.threads,
    ...(compute.linear ? [compute.linear] : []),
  ].join(' ');
  return { model: card.embedded ? card.family : card.id, device, sampler, width, height, guided, controls };
}
