/** The value that a share of the values does not exceed; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The middle of some figures, and what 99 in 100 do not exceed. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** The spread of some figures, in their own unit. */
export function spreadOf(values: readonly number[]): Spread {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}
