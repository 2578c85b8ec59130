import { stat, unlink } from 'node:fs/promises';
import { StudioError } from '../../preload/contract/index.ts';
import type { LaunchProcess } from '../inference/host/process-channel.ts';
import type {
  TrainerMessage,
  TrainingJob,
  TrainingPlan,
  TrainingProgress,
  TrainingResult,
} from './training-job.ts';

/** What a training tells while it runs. */
export interface TrainingListeners {
  readonly stage?: (done: number, of: number) => void;
  readonly plan?: (plan: TrainingPlan) => void;
  readonly progress?: (progress: TrainingProgress) => void;
  /** The process was gone and another one goes on from its last checkpoint. */
  readonly recovered?: (cause: string) => void;
}

/** How often a process that ends by itself is replaced without having got a step further. */
const MOST_RESTARTS = 3;

/**
 * Trains in a process of its own. One that is killed is replaced, and goes on from its last checkpoint to the same result.
 * When all is done, the checkpoint is taken away.
 *
 * @throws StudioError what the trainer said, `training/process-ended`, `inference/cancelled`.
 */
export async function runTraining(
  launch: LaunchProcess,
  job: TrainingJob,
  listeners: TrainingListeners,
  signal: AbortSignal,
): Promise<TrainingResult> {
  let [furthest, futile] = [0, 0];
  let { resume } = job;
  for (;;) {
    const end = await runOnce(launch, { ...job, resume }, signal, {
      ...listeners,
      progress: (progress) => {
        if (progress.step > furthest) [furthest, futile] = [progress.step, 0];
        listeners.progress?.(progress);
      },
    });
    if ('result' in end) {
      if (!job.planOnly) await unlink(job.files.checkpoint).catch(() => {});
      return end.result;
    }
    futile += 1;
    resume = (await stat(job.files.checkpoint).catch(() => null)) !== null;
    if (futile > MOST_RESTARTS || signal.aborted) {
      throw new StudioError(
        signal.aborted ? 'inference/cancelled' : 'training/process-ended',
        `The process that trained is gone: ${end.cause}.`,
        `${resume ? 'Its last checkpoint is kept: go on with --resume. ' : ''}Give less --memory, or close other programs.`,
      );
    }
    listeners.recovered?.(end.cause);
  }
}

/** One process from its start to its end. */
function runOnce(
  launch: LaunchProcess,
  job: TrainingJob,
  signal: AbortSignal,
  listeners: TrainingListeners,
): Promise<{ readonly result: TrainingResult } | { readonly cause: string }> {
  return new Promise((resolve, reject) => {
    const channel = launch('trainer');
    const cancel = (): void => channel.post({ type: 'cancel' });
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', cancel);
      act();
      channel.kill();
    };
    signal.addEventListener('abort', cancel, { once: true });
    channel.onMessage((raw) => {
      const message = raw as TrainerMessage;
      switch (message.type) {
        case 'ready':
          channel.post({ type: 'train', job });
          if (signal.aborted) cancel();
          break;
        case 'stage':
          listeners.stage?.(message.done, message.of);
          break;
        case 'plan':
          listeners.plan?.(message.plan);
          break;
        case 'progress':
          listeners.progress?.(message.progress);
          break;
        case 'result':
          settle(() => resolve(message));
          break;
        case 'failed':
          settle(() => reject(StudioError.from(message.error)));
          break;
      }
    });
    channel.onExit((code, name) => {
      const last = channel.errorOutput?.().trim().split('\n').at(-1) ?? '';
      settle(() =>
        resolve({
          cause: `it ended with ${name ?? `code ${code}`}${last === '' ? '' : ` (${last.slice(0, 200)})`}`,
        }),
      );
    });
  });
}
