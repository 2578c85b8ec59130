import type { GenerationRequest, StudioErrorData, StudioEvent } from '../../../preload/contract/index.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { InferenceHost } from '../../inference/host/inference-host.ts';
import type { DenoiseState } from '../../inference/protocol.ts';
import type { GenerationCache } from '../cache/generation-cache.ts';
import type { Remaining } from '../countdown.ts';
import { given } from '../given.ts';
import { createJobClock, type JobClock } from '../job-clock.ts';
import type { LibraryModel } from '../../models/model-library.ts';
import { type ComputeForm, formName } from '../../verify/model-verdict.ts';
import { companyOf, gainsByWaiting } from './company.ts';
import type { KnownParts } from '../known-parts.ts';
import { priceRun } from '../price.ts';
import type { ResolvedRequest } from '../resolve-request.ts';
import type { ResultStore } from '../result-store.ts';
import { type JobEvents, type JobOutcome, runJob } from '../run-job.ts';
import { runKind } from '../run-kind.ts';
import type { RunKind, StageTimes } from '../stage-times.ts';
import { LOADING, recoveryWords, stageWords, WAITING } from '../words.ts';
import type { JobEnd } from './generation-queue.ts';

/** What running jobs needs. */
export interface JobRunsOptions {
  readonly host: Pick<InferenceHost, 'run' | 'unload'>;
  readonly store: ResultStore;
  readonly cache: GenerationCache | undefined;
  readonly times: StageTimes;
  readonly parts: KnownParts;
  readonly emit: (event: StudioEvent) => void;
  readonly describeError: (error: unknown) => StudioErrorData;
  readonly resolve: (request: GenerationRequest) => Promise<ResolvedRequest>;
  /** The request of a job that another process put in. */
  readonly restore: (jobId: string) => Promise<GenerationRequest>;
  /** Holds a form of computing that nobody has judged against the processor. */
  readonly judge:
    | ((model: LibraryModel, form: ComputeForm, signal: AbortSignal) => Promise<void>)
    | undefined;
  readonly eased: (jobId: string, how: string) => void;
}

/** The jobs of this process that have not ended: what they are, how far they are, and how they run. */
export interface JobRuns {
  /** The model that the worker holds, as far as is known here. */
  readonly warm: () => string | null;
  /** What a job will take, and what it waits behind, before it is put in. */
  readonly admit: (resolved: ResolvedRequest, before: readonly string[]) => AdmittedJob;
  readonly add: (jobId: string, admitted: AdmittedJob) => void;
  readonly run: (jobId: string, signal: AbortSignal) => Promise<JobEnd>;
  /** Whether a job gains by running beside those that run already: never where it would take something over from one of them. */
  readonly mayJoin: (jobId: string, running: readonly string[]) => Promise<boolean>;
  readonly progress: (jobId: string) => { step: number; secondsLeft: number } | null;
  readonly dropped: (jobId: string, state: 'cancelled' | 'failed', reason: StudioErrorData) => void;
}

/** A job that is about to be put in. */
export interface AdmittedJob {
  resolved: ResolvedRequest;
  readonly kind: RunKind;
  readonly clock: JobClock;
  /** Seconds of the jobs before it. */
  readonly before: number;
  /** Steps done. */
  step: number;
  /** Steps that run; the worker's count once it has told. */
  steps: number;
  /** Where it stood when it gave way. */
  state: DenoiseState | null;
  /** Whether an earlier process put it in. */
  readonly inherited: boolean;
}

/** Milliseconds between two previews. */
const PREVIEW_EVERY = 80;

const NO_ROOM = 'inference/out-of-memory';

/** An empty set of jobs over a worker. */
export function createJobRuns(options: JobRunsOptions): JobRuns {
  const { emit, host, store, cache, times } = options;
  const jobs = new Map<string, AdmittedJob>();
  /** Jobs that run, in the order in which they began. */
  const shown = new Set<string>();
  let previewed = Number.NEGATIVE_INFINITY;
  let warm: string | null = null;

  const progress = (
    jobId: string,
    job: AdmittedJob,
    stage: string,
    { secondsLeft, cause }: Remaining,
  ): void =>
    emit({
      name: 'generation.progress',
      payload: { jobId, stage, step: job.step, steps: job.steps, secondsLeft, cause },
    });
  const notify = (message: string, remedy: string): void =>
    emit({ name: 'studio.notice', payload: { level: 'warn', message, remedy } });
  const cacheOf = ({ fresh }: ResolvedRequest): GenerationCache | undefined => (fresh ? undefined : cache);
  const leftOf = (jobId: string): number => jobs.get(jobId)?.clock.left() ?? 0;

  const admit: JobRuns['admit'] = (resolved, before) => {
    const { model, evaluations, job } = resolved;
    const kind = runKind(model, job.compute, { ...job, sampler: job.sampler.id }, evaluations);
    const seconds = before.reduce((sum, id) => sum + leftOf(id), 0);
    const ahead = jobs.get(before.at(-1) ?? '')?.resolved.model.path;
    const isWarm = seconds > 0 ? ahead === model.path : warm === model.path;
    const price = priceRun(times, kind, evaluations, model.card, isWarm);
    const clock = createJobClock(price, seconds, () => performance.now() / 1000);
    return {
      resolved,
      kind,
      clock,
      before: seconds,
      step: 0,
      steps: evaluations.steps,
      state: null,
      inherited: false,
    };
  };

  const listeners = (jobId: string, job: AdmittedJob): JobEvents => ({
    progress(event) {
      job.step = event.step;
      job.steps = event.steps;
      progress(jobId, job, stageWords(event), job.clock.progress(event, shown.size));
    },
    preview({ step, width, height, rgba }) {
      // Of jobs side by side the first is looked at, and no eye follows more of it.
      const [first] = shown;
      if (jobId !== first || performance.now() - previewed < PREVIEW_EVERY) return;
      previewed = performance.now();
      emit({ name: 'generation.preview', payload: { jobId, step, raster: { width, height, rgba } } });
    },
    state(state) {
      job.state = state;
    },
    recovered(recovery) {
      warm = null;
      job.step = recovery.step;
      const message = recoveryWords(recovery, job.steps, store.count());
      emit({ name: 'generation.recovered', payload: { jobId, message } });
      const left = job.clock.restarted(recovery.step, job.steps, 'the generator restarted');
      progress(jobId, job, LOADING, left);
    },
  });

  const finish = (jobId: string, job: AdmittedJob, { summary, seconds, notes, linear }: JobOutcome): void => {
    if (linear !== undefined) {
      const message = `Linear layers ran in ${linear.scheme}: an evaluation is ${(linear.error * 100).toFixed(2)} % off fp32.`;
      emit({ name: 'studio.notice', payload: { level: 'info', message, remedy: '' } });
    }
    if (seconds !== null) times.record(job.kind, seconds);
    options.parts.remember(summary.recipe, job.resolved.job);
    for (const message of notes) notify(message, '');
    emit({ name: 'generation.finished', payload: { jobId, result: summary } });
  };

  /** Forms that nobody has judged are held against the processor first; a form found wrong gives way to the next. */
  const settleForm = async (jobId: string, job: AdmittedJob, signal: AbortSignal): Promise<void> => {
    while (job.resolved.check !== null && options.judge !== undefined) {
      const { model, check } = job.resolved;
      const words = `Checking ${formName(check)} on ${model.card.name}, once`;
      progress(jobId, job, words, job.clock.waiting(0));
      warm = null;
      await options.judge(model, check, signal);
      job.resolved = await options.resolve(await options.restore(jobId));
      for (const notice of job.resolved.notices) notify(notice.message, notice.remedy);
    }
  };

  /** Runs it; where memory did not do, once more with nothing else in it, which is said. */
  const attempt = async (jobId: string, job: AdmittedJob, signal: AbortSignal): Promise<JobOutcome> => {
    const { resolved } = job;
    const cold = warm !== resolved.model.path;
    const going = {
      ...resolved,
      job: { ...resolved.job, ...given({ company: companyOf(resolved) }), resume: job.state },
    };
    const kept = cacheOf(resolved);
    const run = (): Promise<JobOutcome> =>
      runJob(jobId, going, { host, store, cache: kept }, listeners(jobId, job), signal, cold, job.inherited);
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof InferenceError) || error.code !== NO_ROOM || cold || signal.aborted) throw error;
      host.unload();
      const how = 'Memory was short, so everything else was let go of and the models are loaded again.';
      options.eased(jobId, how);
      notify(how, '');
      return run();
    }
  };

  return {
    warm: () => warm,
    admit,
    add(jobId, job) {
      jobs.set(jobId, job);
      // After the answer, so that whoever asked knows which job is spoken of.
      for (const notice of job.resolved.notices) setImmediate(notify, notice.message, notice.remedy);
      if (job.before > 0) setImmediate(progress, jobId, job, WAITING, job.clock.waiting(job.before));
    },
    async run(jobId, signal) {
      shown.add(jobId);
      try {
        let job = jobs.get(jobId);
        if (job === undefined) {
          job = { ...admit(await options.resolve(await options.restore(jobId)), []), inherited: true };
          jobs.set(jobId, job);
        }
        const { model } = job.resolved;
        const stage = warm === model.path ? stageWords({ stage: 'load', ...job, milliseconds: 0 }) : LOADING;
        progress(jobId, job, stage, job.clock.waiting(0));
        await settleForm(jobId, job, signal);
        const outcome = await attempt(jobId, job, signal);
        // A picture from the cache leaves the worker as it was.
        if (outcome.ran) warm = model.path;
        finish(jobId, job, outcome);
        jobs.delete(jobId);
        return { state: 'finished', resultId: outcome.summary.resultId };
      } catch (error) {
        // A worker that obeyed is as it was; one that failed may be gone.
        if (!signal.aborted) warm = null;
        const reason = options.describeError(error);
        return { state: signal.aborted ? 'stopped' : 'failed', reason };
      } finally {
        shown.delete(jobId);
      }
    },
    async mayJoin(jobId, running) {
      const others = running.map((id) => jobs.get(id));
      const job = jobs.get(jobId);
      const company = job && companyOf(job.resolved);
      if (job === undefined || company === undefined) return false;
      for (const other of others) {
        if (other === undefined || companyOf(other.resolved) !== company) return false;
        if (await gainsByWaiting(job, other, cacheOf(job.resolved))) return false;
      }
      return true;
    },
    progress(jobId) {
      const job = jobs.get(jobId);
      return job === undefined ? null : { step: job.step, secondsLeft: job.clock.left() };
    },
    dropped(jobId, state, error) {
      const step = jobs.get(jobId)?.step ?? 0;
      jobs.delete(jobId);
      emit({ name: 'generation.failed', payload: { jobId, state, step, error } });
    },
  };
}
