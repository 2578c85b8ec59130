import type { EventPayload } from '../../preload/contract/index.ts';
import { createStatusLine } from './status-line.ts';

/** Says on standard error how far a job is: one line that is overwritten on a terminal, now and then a line elsewhere. */
export interface ProgressLine {
  readonly update: (progress: EventPayload<'generation.progress'>) => void;
  /** A sentence that stays. */
  readonly say: (sentence: string) => void;
  /** Clears the line. */
  readonly end: () => void;
}

/** @param stream standard error, or a stand-in for it */
export function createProgressLine(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): ProgressLine {
  const line = createStatusLine(stream);
  return {
    update({ stage, step, steps, secondsLeft, cause }) {
      const counted = step > 0 ? ` ${step}/${steps}` : '';
      const why = cause === null ? '' : ` (${cause})`;
      // What holds a job up is told at once.
      line.update(`${stage}${counted}, ${secondsLeft.toFixed(1)} s left${why}`, cause !== null);
    },
    say: line.say,
    end: line.end,
  };
}
