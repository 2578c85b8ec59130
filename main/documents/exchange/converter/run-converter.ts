import { StudioError } from '../../../../preload/contract/index.ts';
import type { LaunchProcess } from '../../../inference/host/process-channel.ts';
import type { ConverterJob, ConverterMessage } from './protocol.ts';

/** What a finished piece of work says. */
export type ConverterResult = Extract<ConverterMessage, { type: 'imported' | 'exported' }>;

/** How one piece of work is followed and stopped. */
export interface ConverterWatch {
  readonly onProgress: (share: number, what: string) => void;
  /** Kills the process; the promise rejects with `files/stopped`. */
  readonly signal: AbortSignal;
}

/**
 * Runs one piece of work in a converter process of its own.
 * @throws StudioError `files/stopped`, `files/converter-died`, and whatever the work itself throws
 */
export function runConverter(
  launch: LaunchProcess,
  job: ConverterJob,
  { onProgress, signal }: ConverterWatch,
): Promise<ConverterResult> {
  return new Promise((resolve, reject) => {
    const channel = launch('converter');
    let settled = false;
    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', stop);
      channel.kill();
      act();
    };
    const stop = (): void => settle(() => reject(stopped()));
    signal.addEventListener('abort', stop);
    if (signal.aborted) {
      stop();
      return;
    }
    channel.onMessage((raw) => {
      const message = raw as ConverterMessage;
      switch (message.type) {
        case 'ready':
          channel.post(job);
          break;
        case 'progress':
          onProgress(message.share, message.what);
          break;
        case 'imported':
        case 'exported':
          settle(() => resolve(message));
          break;
        case 'failed':
          settle(() => reject(StudioError.from(message.error)));
          break;
        case 'bug':
          settle(() => reject(new Error(message.detail)));
      }
    });
    channel.onExit(() => settle(() => reject(died(job))));
  });
}

function stopped(): StudioError {
  return new StudioError(
    'files/stopped',
    'It was stopped. Nothing was written.',
    'Start it again when you like.',
  );
}

function died(job: ConverterJob): StudioError {
  const what = job.type === 'import' ? `Reading ${job.name}` : 'Writing the file';
  return new StudioError(
    'files/converter-died',
    `${what} ended before it was done: the memory did not suffice, or the file is damaged. Nothing was changed.`,
    'Close other programs and try again, or use a smaller file.',
  );
}
