/** Bytes that the states of one run may take on disk. */
const PER_RUN = 64 * 1024 * 1024;

/**
 * Which states of a run go to disk: all of them while they are small, else as many as fit, evenly spread, the last one
 * always. Between two of them a run has to be done again, so a spread that is even bounds what any fork may cost.
 */
export function isKeptOnDisk(step: number, steps: number, bytes: number): boolean {
  const fit = Math.max(1, Math.floor(PER_RUN / Math.max(1, bytes)));
  const stride = Math.ceil(steps / fit);
  return step === steps || (steps - step) % stride === 0;
}
