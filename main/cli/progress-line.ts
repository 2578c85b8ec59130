import type { EventPayload } from '../../preload/contract/index.ts';

/** Milliseconds between two lines where lines cannot be overwritten. */
const LINE_EVERY = 2000;

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
  let lastLine = -Infinity;
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  };
  return {
    update({ stage, step, steps, secondsLeft, cause }) {
      const counted = step > 0 ? ` ${step}/${steps}` : '';
      const why = cause === null ? '' : ` (${cause})`;
      const text = `${stage}${counted}, ${secondsLeft.toFixed(1)} s left${why}`;
      if (stream.isTTY) {
        clear();
        stream.write(text);
        shown = true;
      } else if (performance.now() - lastLine >= LINE_EVERY || cause !== null) {
        lastLine = performance.now();
        stream.write(`${text}\n`);
      }
    },
    say(sentence) {
      clear();
      stream.write(`${sentence}\n`);
    },
    end: clear,
  };
}
