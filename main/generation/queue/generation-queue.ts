import { randomUUID } from 'node:crypto';
import type {
  GenerationRequest,
  QueuedJob,
  QueueState,
  StudioErrorData,
} from '../../../preload/contract/index.ts';
import type { JobTable, StoredJob } from './job-table.ts';
import { isMoreUrgent, orderJobs } from './job-order.ts';

/** Why a running job is stopped: for good, or to go on later from where it was. */
export type Stop = 'cancel' | 'yield';

/** How a job's run ended. */
export type JobEnd =
  | { readonly state: 'finished'; readonly resultId: string }
  | { readonly state: 'failed'; readonly reason: StudioErrorData }
  /** It obeyed the signal. */
  | { readonly state: 'stopped'; readonly reason: StudioErrorData };

/** What the queue needs to know of the work itself. */
export interface QueueWork {
  /** Runs a job, from where it was if it has begun before. Never rejects. */
  readonly run: (jobId: string, signal: AbortSignal) => Promise<JobEnd>;
  /** Whether a job gains by running beside those that run already. Never rejects. */
  readonly mayJoin: (jobId: string, running: readonly string[]) => Promise<boolean>;
  /** Steps done and seconds of work left. */
  readonly progress: (jobId: string) => { step: number; secondsLeft: number } | null;
  /** A job has left the queue for good without running to its end. */
  readonly dropped: (jobId: string, state: 'cancelled' | 'failed', reason: StudioErrorData) => void;
  readonly changed: () => void;
}

/** A job as it is put in. */
export interface NewJob {
  readonly request: GenerationRequest;
  /** The request as JSON; empty where the queue lives with the process. */
  readonly stored: string;
  readonly steps: number;
  readonly secondsLeft: number;
}

/** Jobs in their order, the first of them running, and beside it those after it that are quicker together with it. */
export interface GenerationQueue {
  readonly add: (job: NewJob) => string;
  readonly cancel: (jobId: string) => void;
  readonly move: (jobId: string, before: string | null) => void;
  readonly pause: (paused: boolean) => void;
  readonly hold: (jobId: string, held: boolean) => void;
  readonly clear: () => string[];
  /** Puts cancelled and failed jobs back in their old places. */
  readonly restore: (jobIds: readonly string[]) => void;
  readonly ease: (jobId: string, how: string) => void;
  readonly state: () => QueueState;
  /** Jobs that are running or waiting, in order. */
  readonly ids: () => string[];
  readonly stored: (jobId: string) => StoredJob | null;
  /** Takes up what an earlier process left, and begins. */
  readonly resume: () => void;
  /**
   * Stops the running jobs and begins nothing more.
   * @param keep true to leave all jobs in the table for the next process
   */
  readonly close: (keep: boolean) => Promise<void>;
}

/** Jobs that run side by side at most. */
const MOST_AT_ONCE = 4;

const WAITS: ReadonlySet<QueuedJob['state']> = new Set(['waiting', 'yielded']);
const CANCELLED = {
  code: 'inference/cancelled',
  message: 'Cancelled before its first step.',
  remedy: 'Nothing was changed.',
};

/** A job that runs, and whether it was told to stop. */
interface RunningJob {
  readonly job: StoredJob;
  readonly abort: AbortController;
  stop: Stop | null;
}

/** A queue over `table`. */
export function createGenerationQueue(table: JobTable, work: QueueWork): GenerationQueue {
  const running = new Map<string, RunningJob>();
  /** The same jobs until all that follows from their end is done. */
  const runs = new Set<Promise<void>>();
  let pumping: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let turn = 0;
  const turns = new Map<string | null, number>();

  const ordered = (): StoredJob[] => {
    const waiting = table.all().filter(({ state }) => WAITS.has(state));
    return orderJobs(
      waiting.map((job) => ({ ...job, yielded: job.state === 'yielded' })),
      turns,
    );
  };

  const stop = (how: Stop, jobs: Iterable<RunningJob> = running.values()): void => {
    for (const job of jobs) {
      if (job.stop === 'cancel') continue;
      job.stop = how;
      job.abort.abort();
    }
  };

  const runOne = async (job: StoredJob): Promise<void> => {
    const abort = new AbortController();
    const own: RunningJob = { job, abort, stop: null };
    running.set(job.jobId, own);
    turns.set(job.documentId, (turn += 1));
    table.update(job.jobId, { state: 'running', attempts: job.attempts + 1 });
    work.changed();
    const end = await work.run(job.jobId, abort.signal);
    running.delete(job.jobId);
    if (end.state === 'finished') {
      table.update(job.jobId, { state: 'finished', resultId: end.resultId, secondsLeft: 0 });
    } else if (end.state === 'stopped' && own.stop === 'yield') {
      table.update(job.jobId, {
        state: 'yielded',
        secondsLeft: work.progress(job.jobId)?.secondsLeft ?? job.secondsLeft,
      });
    } else {
      const state = end.state === 'stopped' ? 'cancelled' : 'failed';
      table.update(job.jobId, { state, reason: end.reason });
      work.dropped(job.jobId, state, end.reason);
    }
    work.changed();
  };

  const mayJoin = async (job: StoredJob): Promise<boolean> => {
    const others = [...running.values()];
    if (others.length >= MOST_AT_ONCE) return false;
    if (others.some((other) => other.stop !== null || other.job.lane !== job.lane)) return false;
    return work.mayJoin(job.jobId, [...running.keys()]);
  };
  const next = (): StoredJob | undefined => (closed || table.paused() ? undefined : ordered()[0]);

  /** Begins whatever may begin now. */
  const pump = async (): Promise<void> => {
    for (let job = next(); job !== undefined; job = next()) {
      const joins = running.size === 0 || (await mayJoin(job));
      // Meanwhile the last one may have ended, or another job come first.
      if (next()?.jobId !== job.jobId) continue;
      if (!joins && running.size > 0) return;
      const run = runOne(job).then(begin);
      runs.add(run);
      void run.then(() => runs.delete(run));
    }
  };
  const begin = (): void => {
    if (closed) return;
    again = true;
    // After whoever called has had its answer.
    pumping ??= nextTurn()
      .then(async () => {
        while (again) {
          again = false;
          await pump();
        }
      })
      .finally(() => {
        pumping = null;
        if (again) begin();
      });
  };
  const yieldTo = (lane: StoredJob['lane']): void => {
    stop(
      'yield',
      [...running.values()].filter(({ job }) => isMoreUrgent(lane, job.lane)),
    );
  };

  return {
    add({ request, stored, steps, secondsLeft }) {
      const lane = request.lane ?? 'interactive';
      const job: StoredJob = {
        jobId: randomUUID(),
        lane,
        documentId: request.documentId ?? null,
        title: request.prompt.slice(0, 200),
        width: request.width,
        height: request.height,
        state: 'waiting',
        steps,
        secondsLeft,
        reason: null,
        eased: [],
        resultId: null,
        attempts: 0,
        created: Date.now(),
        place: table.lastPlace() + 1,
        request: stored,
      };
      if (closed) return job.jobId;
      table.insert(job);
      yieldTo(lane);
      work.changed();
      begin();
      return job.jobId;
    },
    cancel(jobId) {
      const own = running.get(jobId);
      if (own !== undefined) {
        stop('cancel', [own]);
        return;
      }
      const job = table.get(jobId);
      if (job === null || !(WAITS.has(job.state) || job.state === 'held')) return;
      table.update(jobId, { state: 'cancelled', reason: CANCELLED });
      work.dropped(jobId, 'cancelled', CANCELLED);
      work.changed();
    },
    move(jobId, before) {
      const jobs = table.all().filter(({ state }) => WAITS.has(state) || state === 'held');
      const job = jobs.find((one) => one.jobId === jobId);
      if (job === undefined) return;
      const others = jobs.filter((one) => one !== job);
      const at = before === null ? -1 : others.findIndex((one) => one.jobId === before);
      const [earlier, later] = at < 0 ? [others.at(-1), undefined] : [others[at - 1], others[at]];
      const place =
        later === undefined
          ? (earlier?.place ?? 0) + 1
          : earlier === undefined
            ? later.place - 1
            : (earlier.place + later.place) / 2;
      table.update(jobId, { place });
      work.changed();
    },
    pause(paused) {
      table.setPaused(paused);
      if (paused) stop('yield');
      else begin();
      work.changed();
    },
    hold(jobId, held) {
      const job = table.get(jobId);
      if (held && running.has(jobId)) return;
      if (job === null || (held ? !WAITS.has(job.state) : job.state !== 'held')) return;
      table.update(jobId, { state: held ? 'held' : 'waiting' });
      work.changed();
      begin();
    },
    clear() {
      const ids = table
        .all()
        .filter(({ state }) => WAITS.has(state) || state === 'held')
        .map(({ jobId }) => jobId);
      for (const jobId of ids) {
        table.update(jobId, { state: 'cancelled', reason: CANCELLED });
        work.dropped(jobId, 'cancelled', CANCELLED);
      }
      work.changed();
      return ids;
    },
    restore(jobIds) {
      for (const jobId of jobIds) {
        const state = table.get(jobId)?.state;
        if (state === 'cancelled' || state === 'failed') {
          table.update(jobId, { state: 'waiting', reason: null });
        }
      }
      work.changed();
      begin();
    },
    ease(jobId, how) {
      const job = table.get(jobId);
      if (job === null || job.eased.includes(how)) return;
      table.update(jobId, { eased: [...job.eased, how] });
      work.changed();
    },
    state() {
      const all = table.all();
      const ended = all
        .filter(({ state }) => ['finished', 'failed', 'cancelled'].includes(state))
        .toSorted((a, b) => b.created - a.created);
      const jobs = [
        ...all.filter(({ state }) => state === 'running'),
        ...ordered(),
        ...all.filter(({ state }) => state === 'held'),
        ...ended,
      ];
      return { paused: table.paused(), jobs: jobs.map((job) => toQueued(job, work.progress(job.jobId))) };
    },
    ids: () => [...running.keys(), ...ordered().map(({ jobId }) => jobId)],
    stored: table.get,
    resume() {
      table.adopt();
      begin();
    },
    async close(keep) {
      closed = true;
      const left = keep ? [] : ordered();
      for (const { jobId } of left) table.update(jobId, { state: 'cancelled', reason: CANCELLED });
      stop(keep ? 'yield' : 'cancel');
      await pumping;
      await Promise.all(runs);
    },
  };
}

function toQueued(
  { place: _place, request: _request, ...job }: StoredJob,
  progress: { step: number; secondsLeft: number } | null,
): QueuedJob {
  const ended = ['finished', 'failed', 'cancelled'].includes(job.state);
  const done = job.state === 'finished' ? job.steps : (progress?.step ?? 0);
  return {
    jobId: job.jobId,
    lane: job.lane,
    documentId: job.documentId,
    title: job.title,
    width: job.width,
    height: job.height,
    state: job.state,
    step: done,
    steps: job.steps,
    secondsLeft: ended ? 0 : (progress?.secondsLeft ?? job.secondsLeft),
    reason: job.reason,
    eased: job.eased,
    resultId: job.resultId,
    attempts: job.attempts,
    created: job.created,
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
