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
 * An inference host over worker processes that `launch` starts. One job is with the worker at a
 * time; the others wait here, so that a crash costs nobody but the job that ran.
 */
export function createInferenceHost(options: InferenceHostOptions): InferenceHost {
  const settings = { ...DEFAULTS, ...options };
  const notice = (message: string): void => options.notice?.(message);
  const waiting: Task[] = [];
  let active: Task | null = null;
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
    if (message.type === 'ready' || active === null || message.id !== active.id) return;
    const task = active;
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
    const task = active;
    if (task === null) {
      notice(`The idle inference process is gone: ${cause}.`);
      return;
    }
    if (task.signal?.aborted) {
      finish(task, cancelled(task));
      return;
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
      return;
    }
    const step = task.lastState?.step ?? 0;
    notice(`The inference process is gone (${cause}); going on from step ${step}.`);
    task.listeners.recovered?.({ restarts: task.restarts, step, cause });
    void dispatch(task);
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
    if (active !== task || worker !== target) return;
    target.post({ type: 'run', id: task.id, job: { ...task.job, resume: task.lastState } });
  }

  function finish(task: Task, outcome: GenerateResult | InferenceError): void {
    if (active !== task) return;
    active = null;
    task.settle(task.signal?.aborted ? cancelled(task) : outcome);
    next();
  }

  function next(): void {
    if (active !== null || disposed) return;
    const task = waiting.shift();
    clearTimeout(idleTimer);
    if (task === undefined) {
      idleTimer = setTimeout(stopIdleWorker, settings.stopWhenIdleFor);
      idleTimer.unref();
      return;
    }
    active = task;
    void dispatch(task);
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
    if (active !== task) return;
    worker?.post({ type: 'cancel', id: task.id });
    const deadline = setTimeout(() => {
      if (active !== task) return;
      stopIdleWorker();
      finish(task, cancelled(task));
    }, settings.hardCancelAfter);
    deadline.unref();
  }

  return {
    async start() {
      if (disposed) throw disposedError();
      const info = await workerProcess().ready;
      if (active === null) next();
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
      active?.settle(disposedError());
      active = null;
      const last = worker;
      worker = null;
      await last?.end();
    },
  };
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
