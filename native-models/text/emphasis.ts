/**
 * How weights act on the text encoder's output: `a1111` multiplies and then restores the mean,
 * `multiply` only multiplies, `ignore` leaves it alone.
 */
export type Emphasis = 'a1111' | 'multiply' | 'ignore';

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Applies a chunk's token weights to its hidden states, as A1111's `sd_emphasis.py`.
 *
 * @param states hidden states of one chunk, `weights.length` rows of equal width, flat.
 * @param weights one a token.
 * @returns a new array, or `states` itself where nothing changes.
 */
export function applyEmphasis(states: Float32Array, weights: Float32Array, emphasis: Emphasis): Float32Array {
  if (emphasis === 'ignore' || weights.every((weight) => weight === 1)) return states;
  const width = states.length / weights.length;
  const weighted = states.map((value, i) => value * (weights[Math.floor(i / width)] ?? 1));
  if (emphasis === 'multiply') return weighted;
  const factor = mean(states) / mean(weighted);
  return Number.isFinite(factor) ? weighted.map((value) => value * factor) : weighted;
}
