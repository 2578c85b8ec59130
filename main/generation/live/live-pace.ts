/** Milliseconds over which pictures a second are counted. */
const WINDOW = 2000;

/** What was measured of a session so far. */
export interface Pace {
  /** Notes a picture that was shown. @returns pictures a second over the last two seconds. */
  readonly shown: (now: number) => number;
  /** Notes a job that was dropped because the canvas had moved on. */
  readonly dropped: () => void;
  readonly drops: number;
  /** When the last picture was shown; minus infinity before the first. */
  readonly lastShown: number;
}

/** Counts pictures and drops. */
export function createPace(): Pace {
  let times: number[] = [];
  let drops = 0;
  return {
    shown(now) {
      times = [...times.filter((time) => now - time < WINDOW), now];
      const first = times[0] ?? now;
      return times.length < 2 ? times.length / (WINDOW / 1000) : ((times.length - 1) * 1000) / (now - first);
    },
    dropped() {
      drops += 1;
    },
    get drops() {
      return drops;
    },
    get lastShown() {
      return times.at(-1) ?? Number.NEGATIVE_INFINITY;
    },
  };
}
