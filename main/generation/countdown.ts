/** Seconds left as they may be shown; `cause` says why they rose, null when they did not. */
export interface Remaining {
  readonly secondsLeft: number;
  readonly cause: string | null;
}

/** How much above the quote a job must be heading before its countdown may rise. */
const RISE_FACTOR = 1.5;

/** Shows how long a job still takes without ever counting upwards unexplained; see {@link createCountdown}. */
export interface Countdown {
  /**
   * Takes a new estimate of the seconds left.
   *
   * An estimate above what was shown last holds the old figure, unless the whole job is now heading for more than
   * 1.5 times what was last promised: then the figure rises and the cause says by how much.
   * `cause` given by the caller (a restart, a fallback) lets it rise at once and is passed on when it did.
   */
  readonly update: (estimate: number, cause?: string) => Remaining;
}

/**
 * @param quote seconds promised for the whole job when it was started.
 * @param now seconds on any steady clock.
 */
export function createCountdown(quote: number, now: () => number): Countdown {
  const begun = now();
  let promised = quote;
  let shown = Math.max(0, quote);
  return {
    update(estimate, cause) {
      const left = Math.max(0, Number.isFinite(estimate) ? estimate : shown);
      if (left <= shown) {
        shown = left;
        return { secondsLeft: shown, cause: null };
      }
      const heading = now() - begun + left;
      const reason =
        cause ??
        (heading > promised * RISE_FACTOR
          ? `slower than expected: about ${heading.toFixed(1)} s in all, ${promised.toFixed(1)} s were quoted`
          : null);
      if (reason === null) return { secondsLeft: shown, cause: null };
      shown = left;
      promised = heading;
      return { secondsLeft: shown, cause: reason };
    },
  };
}
