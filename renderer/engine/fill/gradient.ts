import type { FillPoint, GradientShape } from '../layers/fill.ts';

/**
 * A gradient's place at a point, not yet limited to 0..1. Linear: along from → to. Reflected: the same to both sides.
 * Radial: distance from `from`. Diamond: the sum of both distances along and across. Angle: clockwise on the screen
 * from the direction of `to`, once around.
 */
export function gradientPlace(
  shape: GradientShape,
  from: FillPoint,
  to: FillPoint,
  x: number,
  y: number,
): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  // A gradient of no length is all its end.
  const square = Math.max(1e-12, dx * dx + dy * dy);
  const along = ((x - from.x) * dx + (y - from.y) * dy) / square;
  const across = ((y - from.y) * dx - (x - from.x) * dy) / square;
  switch (shape) {
    case 'linear':
      return along;
    case 'reflected':
      return Math.abs(along);
    case 'radial':
      return Math.sqrt(along * along + across * across);
    case 'diamond':
      return Math.abs(along) + Math.abs(across);
    case 'angle': {
      const turns = Math.atan2(across, along) / (2 * Math.PI);
      return turns < 0 ? turns + 1 : turns;
    }
  }
}

/** Stops as numbers, ready to be looked up: `at`, then the channels, stop by stop. */
export interface PackedStops {
  readonly count: number;
  /** Numbers a stop: 1 + channels. */
  readonly width: number;
  readonly values: Float64Array;
}

/** Packs stops in ascending order of place. @param stops at least one; each its place, then its channels. */
export function packStops(stops: readonly (readonly number[])[]): PackedStops {
  const sorted = stops.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { count: sorted.length, width: sorted[0]?.length ?? 1, values: Float64Array.from(sorted.flat()) };
}

/**
 * Channels at a place: linear between the stops around it, those of the first and last beyond. Of two stops at one
 * place the later one counts from there on.
 * @param out receives `width - 1` channels from `at` on.
 */
export function sampleStops(
  { count, width, values }: PackedStops,
  place: number,
  out: Float64Array,
  at: number,
): void {
  let next = 0;
  while (next < count && (values[next * width] as number) <= place) next++;
  const low = Math.max(0, next - 1) * width;
  const high = Math.min(count - 1, next) * width;
  const from = values[low] as number;
  const span = (values[high] as number) - from;
  const share = span > 0 && next > 0 ? (place - from) / span : 0;
  for (let k = 1; k < width; k++) {
    const first = values[low + k] as number;
    out[at + k - 1] = first + ((values[high + k] as number) - first) * share;
  }
}
