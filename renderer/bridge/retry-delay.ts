const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Milliseconds to wait before the next try: doubling from half a second to 15 s, spread by ±20% so that many
 * pages do not come back at once.
 *
 * @param failures tries that have failed in a row, from 0.
 * @param random uniform in [0, 1).
 */
export function retryDelay(failures: number, random: number): number {
  const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(plain * (0.8 + 0.4 * random));
}
