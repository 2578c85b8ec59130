const LOBES = 3;

/** What each pixel of a scaled row is made of. */
export interface Taps {
  /** First source index and weights (sum 1) for each output index. */
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly count: number;
}

/**
 * Taps of a Lanczos kernel of three lobes, widened when shrinking so that nothing aliases; those that would lie beyond the
 * row's ends are left out and the others weighed up, so that edges stay as they are.
 * @param from pixels of the row; @param to pixels of the scaled row.
 */
export function lanczosTaps(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = LOBES * stretch;
  const count = Math.min(from, Math.ceil(reach * 2) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    const start = Math.min(from - count, Math.max(0, Math.ceil(centre - reach)));
    first[i] = start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = lanczos((start + k - centre) / stretch);
      weights[i * count + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) weights[i * count + k] = (weights[i * count + k] as number) / sum;
  }
  return { first, weights, count };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}
