/** Largest relative error that counts as equal. */
export const BAR = 1e-3;

/** One thing that was compared. */
export interface VerifyRow {
  /** File and what of it, such as `sd15-tiny/unet.out (single file)`. */
  readonly name: string;
  /** max |a − b| / max |b|; infinite when shapes differ or a value is no number; null when nothing could be compared. */
  readonly error: number | null;
  /** `ok` within the bar, `miss` beyond it, `failed` when it could not be computed. */
  readonly verdict: 'ok' | 'miss' | 'failed';
  /** Why it failed; empty otherwise. */
  readonly note: string;
}

/** The measure of all comparisons: max |a − b| / max |b|. Differing lengths and NaN make it infinite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] ?? Number.NaN;
    const b = expected[i] ?? Number.NaN;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    difference = Math.max(difference, Math.abs(a - b));
    scale = Math.max(scale, Math.abs(b));
  }
  // Where everything expected is zero, nothing but zero will do.
  return difference === 0 ? 0 : difference / scale;
}

/** Computes one row; what is thrown becomes its verdict. */
export async function compareRow(name: string, compute: () => number | Promise<number>): Promise<VerifyRow> {
  try {
    const error = await compute();
    return { name, error, verdict: error <= BAR ? 'ok' : 'miss', note: '' };
  } catch (error) {
    return {
      name,
      error: null,
      verdict: 'failed',
      note: error instanceof Error ? error.message : String(error),
    };
  }
}
