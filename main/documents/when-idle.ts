/** Quiet time before tidying begins, and between its slices, in milliseconds. */
const QUIET = 10_000;
const BETWEEN = 50;

/** Work that waits for nobody to be working. */
export interface IdleWork {
  /** Somebody is working: the quiet time begins anew. */
  busy(): void;
  stop(): void;
}

/**
 * Calls `slice` once nothing has happened for ten seconds, and again until it says that there is no more to do. What
 * goes wrong there is left for the next time: it must never reach whoever works.
 */
export function whenIdle(slice: () => boolean, quiet = QUIET): IdleWork {
  let timer: NodeJS.Timeout | undefined;
  const wait = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      let more = false;
      try {
        more = slice();
      } catch {
        more = false;
      }
      if (more) wait(BETWEEN);
    }, milliseconds);
    timer.unref();
  };
  return {
    busy: () => wait(quiet),
    stop: () => clearTimeout(timer),
  };
}
