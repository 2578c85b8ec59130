import type { Progress } from '../inference/protocol.ts';
import { type Countdown, createCountdown, type Remaining } from './countdown.ts';
import { type Price, runSeconds } from './price.ts';

/** Tells how long a job still takes, from its price and from what its steps turn out to take. */
export interface JobClock {
  /** What is left of the whole job while it waits behind `before` seconds of others. */
  readonly waiting: (before: number) => Remaining;
  /**
   * After a stage or a step.
   * @param atOnce jobs that run side by side, this one included; 1 unless told
   */
  readonly progress: (progress: Progress, atOnce?: number) => Remaining;
  /** After the worker was replaced: the model is loaded again, and steps since `step` are done again. */
  readonly restarted: (step: number, steps: number, cause: string) => Remaining;
  /** Seconds still expected, as {@link waiting} counts those before a job. */
  readonly left: () => number;
}

/** @param now seconds on any steady clock. */
export function createJobClock(price: Omit<Price, 'slow'>, before: number, now: () => number): JobClock {
  const whole = price.load + runSeconds(price);
  const countdown: Countdown = createCountdown(before + whole, now);
  const measured: number[] = [];
  let left = whole;
  let together = 1;
  /** When the job itself began, or began again. */
  let begun = now();

  /** The first step of a cold model also pages in its weights: it says little about the others. */
  const step = (): number => {
    const settled = measured.length > 1 ? measured.slice(1) : measured;
    return settled.length === 0
      ? price.step
      : settled.reduce((sum, value) => sum + value, 0) / settled.length;
  };
  const tell = (estimate: number, cause?: string): Remaining => {
    left = estimate;
    return countdown.update(estimate, cause);
  };

  /** Networks are loaded by the stage that needs them first, so loading ends with the first step. */
  const loading = (): number => (measured.length > 0 ? 0 : Math.max(0, price.load - (now() - begun)));

  return {
    waiting(others) {
      begun = now();
      return countdown.update(others + whole);
    },
    progress({ stage, step: done, steps, milliseconds }, atOnce = 1) {
      switch (stage) {
        case 'load':
          return tell(loading() + price.prepare + steps * step() + price.decode);
        case 'encode-prompt':
        case 'prepare-latent':
          return tell(loading() + steps * step() + price.decode);
        case 'denoise': {
          // Steps before others came or went say nothing of those to come.
          if (atOnce !== together) measured.length = 0;
          const cause = atOnce > together ? `${atOnce} pictures at once` : undefined;
          together = atOnce;
          measured.push(milliseconds / 1000);
          return tell((steps - done) * step() + price.decode, cause);
        }
        case 'decode':
          return tell(0);
        default:
          return stage satisfies never;
      }
    },
    restarted(done, steps, cause) {
      const remaining = price.load + price.prepare + (steps - done) * step() + price.decode;
      measured.length = 0;
      begun = now();
      return tell(remaining, cause);
    },
    left: () => left,
  };
}
