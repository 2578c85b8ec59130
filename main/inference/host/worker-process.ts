import { InferenceError } from '../errors.ts';
import { PROTOCOL_VERSION, type WorkerInfo, type WorkerMessage, type WorkerRequest } from '../protocol.ts';
import type { LaunchProcess, ProcessChannel } from './process-channel.ts';

/** What the owner of a worker hears of it. */
export interface WorkerEvents {
  message(message: WorkerMessage): void;
  /** The worker is gone; `cause` says how, in words. Not called after `end`. */
  died(cause: string): void;
}

/** One worker process from its start to its end. */
export interface WorkerProcess {
  /** Settles once: ready, or `inference/worker-failed-to-start`. */
  readonly ready: Promise<WorkerInfo>;
  post(request: WorkerRequest): void;
  /** Kills it on purpose; resolves when it is gone. */
  end(): Promise<void>;
}

/**
 * Starts one worker.
 *
 * @param startWithin milliseconds that it may take until it says that it is ready.
 */
export function startWorkerProcess(
  launch: LaunchProcess,
  startWithin: number,
  events: WorkerEvents,
): WorkerProcess {
  const { promise: ready, resolve, reject } = Promise.withResolvers<WorkerInfo>();
  const { promise: gone, resolve: markGone } = Promise.withResolvers<void>();
  // The owner may learn of the failure by `died` alone.
  ready.catch(() => {});
  let phase: 'starting' | 'ready' | 'ended' = 'starting';

  const failStart = (reason: string): void => {
    phase = 'ended';
    clearTimeout(deadline);
    reject(
      new InferenceError(
        'inference/worker-failed-to-start',
        `The inference process did not start: ${reason}.`,
        'Start Impasto again; if it stays, run "impasto doctor" and reinstall.',
      ),
    );
  };
  const deadline = setTimeout(() => {
    failStart(`it was not ready within ${startWithin / 1000} s`);
    channel.kill();
  }, startWithin);

  const channel = launch('worker');
  channel.onExit((code, signal) => {
    const cause = describeExit(channel, code, signal);
    if (phase === 'starting') failStart(cause);
    else if (phase === 'ready') {
      phase = 'ended';
      events.died(cause);
    }
    markGone();
  });
  channel.onMessage((raw) => {
    const message = raw as WorkerMessage;
    if (phase === 'ended') return;
    if (message.type !== 'ready') {
      events.message(message);
      return;
    }
    if (message.info.protocol !== PROTOCOL_VERSION) {
      failStart(`it speaks protocol ${message.info.protocol}, this program ${PROTOCOL_VERSION}`);
      channel.kill();
      return;
    }
    phase = 'ready';
    clearTimeout(deadline);
    resolve(message.info);
  });

  return {
    ready,
    post: (request) => channel.post(request),
    async end() {
      if (phase === 'starting') failStart('it was stopped');
      phase = 'ended';
      channel.kill();
      await gone;
    },
  };
}

function describeExit(channel: ProcessChannel, code: number | null, signal: string | null): string {
  const how =
    signal !== null
      ? `it was ended by ${signal}`
      : code === null
        ? 'it could not be run'
        : `it ended with exit code ${code}`;
  const lastWords = channel.errorOutput?.().trim().split('\n').at(-1) ?? '';
  return lastWords === '' ? how : `${how} (${lastWords.slice(0, 300)})`;
}
