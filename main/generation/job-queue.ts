/** Work that waits for its turn. */
export interface QueuedTask {
  readonly id: string;
  /** Runs when all before it have ended; what it throws is its own business and never stops the queue. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** One running task and those that wait behind it, in order. */
export interface JobQueue {
  /** Puts a task at the end; when nothing else runs, it starts after whoever called has had its answer. */
  readonly add: (task: QueuedTask) => void;
  /**
   * Aborts the signal of a running task, or takes a waiting one out without ever running it.
   * Answers which of the two it was, or `unknown`.
   */
  readonly cancel: (id: string) => 'running' | 'waiting' | 'unknown';
  /** Ids in order; the first runs, when any does. */
  readonly ids: () => readonly string[];
  /** Takes out all that wait, aborts the running one and resolves when it has ended; later tasks are not taken. */
  readonly close: () => Promise<void>;
}

/** An empty {@link JobQueue}; `onEscaped` hears of errors that a task let out. */
export function createJobQueue(onEscaped: (error: unknown) => void): JobQueue {
  const waiting: QueuedTask[] = [];
  let running: { readonly id: string; readonly abort: AbortController } | null = null;
  let drained: Promise<void> = Promise.resolve();
  let closed = false;

  const drain = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const abort = new AbortController();
      running = { id: task.id, abort };
      try {
        await task.run(abort.signal);
      } catch (error) {
        onEscaped(error);
      }
      running = null;
    }
  };

  return {
    add(task) {
      if (closed) return;
      waiting.push(task);
      if (running === null && waiting.length === 1) drained = drained.then(nextTurn).then(drain);
    },
    cancel(id) {
      if (running?.id === id) {
        running.abort.abort();
        return 'running';
      }
      const place = waiting.findIndex((task) => task.id === id);
      if (place < 0) return 'unknown';
      waiting.splice(place, 1);
      return 'waiting';
    },
    ids: () => [...(running === null ? [] : [running.id]), ...waiting.map((task) => task.id)],
    async close() {
      closed = true;
      waiting.length = 0;
      running?.abort.abort();
      await drained;
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
