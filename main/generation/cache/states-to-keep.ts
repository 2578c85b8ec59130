/** Bytes that the states of one run may take on disk. */
const PER_RUN = 64 * 1024 * 1024;

/**
 * Seconds of computing from one state on disk to the next. Memory holds all of them; writing one takes a millisecond of
 * the processor that computes, which is much beside a step of ten, and only a fork after a restart gains by it.
 */
const WORTH_WRITING = 0.1;

/**
 * Which states of a run go to disk: all of them while they are small and dear, else those that fit, evenly spread, and no
 * more than time makes worth it; the last one always. Between two of them a run has to be done again, so a spread that is
 * even bounds what any fork may cost.
 *
 * @param seconds of computing since the last one that went to disk
 */
export function isKeptOnDisk(step: number, steps: number, bytes: number, seconds: number): boolean {
  if (step === steps) return true;
  const fit = Math.max(1, Math.floor(PER_RUN / Math.max(1, bytes)));
  const stride = Math.ceil(steps / fit);
  return (steps - step) % stride === 0 && seconds >= WORTH_WRITING;
}
