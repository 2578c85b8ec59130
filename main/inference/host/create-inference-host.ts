import { InferenceError, type InferenceErrorData } from '../errors.ts';
import type { DenoiseState, GenerateJob, GenerateResult, WorkerMessage } from '../protocol.ts';
import type { InferenceHost, InferenceHostOptions, JobListeners } from './inference-host.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const DEFAULTS = { maxRestarts: 3, hardCancelAfter: 10_000, stopWhenIdleFor: 600_000, startWithin: 30_000 };

interface Task {
  readonly id: number;
  readonly job: GenerateJob;
  readonly listeners: JobListeners;
  readonly signal: AbortSignal | undefined;
  readonly settle: (outcome: GenerateResult | InferenceError) => void;
  lastState: DenoiseState | null;
  restarts: number;
}

/**
 * An inference host over worker processes that `launch` starts. One job, or those of one company, are with the worker at a
 * time; the others wait here, so that a crash costs nobody but those that ran.
 */
export function createInferenceHost(options: InferenceHostOptions): InferenceHost {
  const settings = { ...DEFAULTS, ...options };
  const notice = (message: string): void => options.notice?.(message);
  const waiting: Task[] = [];
  const active = new Map<number, Task>();
  let worker: WorkerProcess | null = null;
  let nextId = 1;
  let idleTimer: NodeJS.Timeout | undefined;
  let disposed = false;

  function workerProcess(): WorkerProcess {
    if (worker) return worker;
    const started: WorkerProcess = startWorkerProcess(options.launch, settings.startWithin, {
      message: (message) => {
        if (worker === started) receive(message);
      },
      died: (cause) => {
        if (worker !== started) return;
        worker = null;
        recover(cause);
      },
    });
    worker = started;
    started.ready.catch(() => {
      if (worker === started) worker = null;
    });
    return started;
  }

  function receive(message: WorkerMessage): void {
    if (message.type === 'notice') {
      notice(message.message);
      return;
    }
    const task = message.type === 'ready' ? undefined : active.get(message.id);
    if (message.type === 'ready' || task === undefined) return;
    switch (message.type) {
      case 'progress':
        task.listeners.progress?.(message.progress);
        break;
      case 'preview':
        task.listeners.preview?.(message.preview);
        break;
      case 'state':
        task.lastState = message.state;
        task.listeners.state?.(message.state);
        break;
      case 'stage':
        task.listeners.stage?.(message.stage);
        break;
      case 'result':
        finish(task, message.result);
        break;
      case 'failed':
        finish(task, InferenceError.from(message.error));
        break;
      default:
        notice(`The worker sent a message that is not known: ${JSON.stringify(message satisfies never)}`);
    }
  }

  function recover(cause: string): void {
    if (active.size === 0) notice(`The idle inference process is gone: ${cause}.`);
    const [first, ...others] = [...active.values()].filter((task) => survives(task, cause));
    // Which of them was the cause is not known: from here on each runs by itself.
    for (const task of others) active.delete(task.id);
    waiting.unshift(...others);
    if (first !== undefined) void dispatch(first);
  }

  /** Whether a job goes on after its worker is gone; ends it where not. */
  function survives(task: Task, cause: string): boolean {
    if (task.signal?.aborted) {
      finish(task, cancelled(task));
      return false;
    }
    task.restarts += 1;
    if (task.restarts > settings.maxRestarts) {
      finish(
        task,
        new InferenceError(
          'inference/worker-died',
          `The inference process ended ${task.restarts} times during this picture; last, ${cause}.`,
          'Try a smaller size, close other programs, or choose another device.',
        ),
      );
      return false;
    }
    const step = task.lastState?.step ?? 0;
    notice(`The inference process is gone (${cause}); going on from step ${step}.`);
    task.listeners.recovered?.({ restarts: task.restarts, step, cause });
    return true;
  }

  async function dispatch(task: Task): Promise<void> {
    const target = workerProcess();
    try {
      await target.ready;
    } catch (error) {
      finish(task, error as InferenceError);
      return;
    }
    // Cancelled, or the worker was replaced, in the meantime.
    if (!active.has(task.id) || worker !== target) return;
    const { company: _, ...job } = task.job;
    const company = companyOf(task);
    target.post({
      type: 'run',
      id: task.id,
      job: { ...job, ...(company !== undefined && { company }), resume: task.lastState },
    });
  }

  function finish(task: Task, outcome: GenerateResult | InferenceError): void {
    if (!active.delete(task.id)) return;
    task.settle(task.signal?.aborted ? cancelled(task) : outcome);
    next();
  }

  function next(): void {
    if (disposed) return;
    for (;;) {
      const [task] = waiting;
      if (task === undefined || !mayBegin(task)) break;
      waiting.shift();
      active.set(task.id, task);
      void dispatch(task);
    }
    clearTimeout(idleTimer);
    if (active.size > 0) return;
    idleTimer = setTimeout(stopIdleWorker, settings.stopWhenIdleFor);
    idleTimer.unref();
  }

  function mayBegin(task: Task): boolean {
    const [first] = active.values();
    const company = companyOf(task);
    return first === undefined || (company !== undefined && company === companyOf(first));
  }

  function stopIdleWorker(): void {
    const idle = worker;
    worker = null;
    void idle?.end();
  }

  function cancel(task: Task): void {
    const index = waiting.indexOf(task);
    if (index >= 0) {
      waiting.splice(index, 1);
      task.settle(cancelled(task));
      return;
    }
    if (!active.has(task.id)) return;
    worker?.post({ type: 'cancel', id: task.id });
    const deadline = setTimeout(() => {
      if (!active.has(task.id)) return;
      stopIdleWorker();
      recover('a job that was cancelled did not stop');
    }, settings.hardCancelAfter);
    deadline.unref();
  }

  return {
    async start() {
      if (disposed) throw disposedError();
      const info = await workerProcess().ready;
      if (active.size === 0) next();
      return info;
    },
    run(job, listeners = {}, signal) {
      if (disposed) return Promise.reject(disposedError());
      return new Promise((resolve, reject) => {
        const onAbort = (): void => cancel(task);
        const task: Task = {
          id: nextId++,
          job,
          listeners,
          signal,
          settle: (outcome) => {
            signal?.removeEventListener('abort', onAbort);
            if (outcome instanceof InferenceError) reject(outcome);
            else resolve(outcome);
          },
          lastState: job.resume,
          restarts: 0,
        };
        if (signal?.aborted) {
          reject(cancelled(task));
          return;
        }
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(task);
        next();
      });
    },
    unload() {
      worker?.post({ type: 'unload' });
    },
    async dispose() {
      disposed = true;
      clearTimeout(idleTimer);
      for (const task of waiting.splice(0)) task.settle(disposedError());
      for (const task of active.values()) task.settle(disposedError());
      active.clear();
      const last = worker;
      worker = null;
      await last?.end();
    },
  };
}

/** A job that lost its worker runs by itself. */
function companyOf({ job, restarts }: Task): string | undefined {
  return restarts > 0 ? undefined : job.company;
}

function cancelled(task: Task): InferenceError {
  const data: InferenceErrorData = {
    code: 'inference/cancelled',
    message: `Cancelled after step ${task.lastState?.step ?? 0} of ${task.job.steps}.`,
    remedy: 'Nothing was changed.',
  };
  return InferenceError.from(data);
}

function disposedError(): InferenceError {
  return new InferenceError('inference/disposed', 'The studio is closing.', 'Start Impasto again.');
}
