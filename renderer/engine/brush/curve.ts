/** Control points of a curve over 0..1, x ascending, both 0..1. Two points are a straight line. */
export type CurvePoints = readonly (readonly [x: number, y: number])[];

/** Values of a table unless told. */
const STEPS = 256;

/**
 * A curve made ready for many look-ups: monotone cubic through its points (Fritsch and Carlson 1980), so that it never
 * overshoots what was drawn; flat before the first and after the last point.
 * @returns `steps` + 1 values, 257 unless told, for x = 0, 1/steps, ..., 1.
 */
export function compileCurve(points: CurvePoints, steps: number = STEPS): Float32Array {
  const table = new Float32Array(steps + 1);
  const sorted = points
    .toSorted((a, b) => a[0] - b[0])
    .filter((p, i, all) => i === 0 || p[0] > (all[i - 1]?.[0] ?? 0));
  if (sorted.length === 0) return table.fill(1);
  const tangents = tangentsOf(sorted);
  let segment = 0;
  for (let i = 0; i <= steps; i++) {
    const x = i / steps;
    while (segment < sorted.length - 2 && x > (sorted[segment + 1]?.[0] ?? 1)) segment++;
    table[i] = evaluate(sorted, tangents, segment, x);
  }
  return table;
}

/** The curve at x (clamped to 0..1), linear between the table's values. */
export function sampleCurve(table: Float32Array, x: number): number {
  const steps = table.length - 1;
  const at = Math.min(1, Math.max(0, x)) * steps;
  const index = Math.min(steps - 1, Math.floor(at));
  const low = table[index] ?? 0;
  return low + ((table[index + 1] ?? low) - low) * (at - index);
}

function tangentsOf(points: CurvePoints): number[] {
  const slopes = points
    .slice(1)
    .map(([x, y], i) => (y - (points[i]?.[1] ?? 0)) / (x - (points[i]?.[0] ?? 0)));
  return points.map((_, i) => {
    const left = slopes[i - 1];
    const right = slopes[i];
    if (left === undefined) return right ?? 0;
    if (right === undefined) return left;
    // The harmonic mean keeps the cubic monotone; a turning point is flat.
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right);
  });
}

function evaluate(points: CurvePoints, tangents: readonly number[], segment: number, x: number): number {
  const [x0, y0] = points[segment] ?? [0, 0];
  const [x1, y1] = points[segment + 1] ?? [x0, y0];
  if (x <= x0 || x1 === x0) return y0;
  if (x >= x1) return y1;
  const h = x1 - x0;
  const t = (x - x0) / h;
  const rise = t * t * (3 - 2 * t);
  const m0 = (tangents[segment] ?? 0) * h;
  const m1 = (tangents[segment + 1] ?? 0) * h;
  return y0 + (y1 - y0) * rise + m0 * t * (1 - t) * (1 - t) - m1 * t * t * (1 - t);
}
