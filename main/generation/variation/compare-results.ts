import type { Raster, Recipe, ResultSummary } from '../../../preload/contract/index.ts';

/** A result with its pixels. */
interface Shown {
  readonly summary: ResultSummary;
  readonly raster: Raster;
}

/** Whether two results show the same bits; else by how much they differ, and what in their recipes may be the cause. */
export function compareResults(original: Shown, again: Shown) {
  const difference = compare(original.raster, again.raster);
  const causes = causesOf(original.summary.recipe, again.summary.recipe);
  return { equal: difference === null, difference, causes: difference === null ? [] : causes };
}

interface Difference {
  readonly pixels: number;
  readonly ofPixels: number;
  /** Largest difference of one channel, 0 … 255; null when the sizes differ. */
  readonly largest: number | null;
  /** Peak signal to noise over red, green and blue in decibels; null when the sizes differ. */
  readonly psnr: number | null;
}

function compare(a: Raster, b: Raster): Difference | null {
  const ofPixels = a.width * a.height;
  if (a.width !== b.width || a.height !== b.height) {
    return { pixels: ofPixels, ofPixels, largest: null, psnr: null };
  }
  let [pixels, largest, squares] = [0, 0, 0];
  for (let i = 0; i < a.rgba.length; i += 4) {
    let most = 0;
    for (let c = i; c < i + 4; c += 1) most = Math.max(most, Math.abs((a.rgba[c] ?? 0) - (b.rgba[c] ?? 0)));
    for (let c = i; c < i + 3; c += 1) squares += ((a.rgba[c] ?? 0) - (b.rgba[c] ?? 0)) ** 2;
    if (most > 0) pixels += 1;
    largest = Math.max(largest, most);
  }
  if (pixels === 0) return null;
  // Pixels that differ in their opacity alone differ by less than one can say.
  const mean = Math.max(squares / (3 * ofPixels), 1e-6);
  return { pixels, ofPixels, largest, psnr: 10 * Math.log10(255 ** 2 / mean) };
}

/** What of the two recipes can be the cause. */
function causesOf(original: Recipe, again: Recipe): string[] {
  const causes: string[] = [];
  const differs = (what: string, was: unknown, is: unknown): void => {
    if (was !== is) causes.push(`The ${what} was ${String(was)} and is ${String(is)}.`);
  };
  differs('device', original.device, again.device);
  differs('precision', original.precision, again.precision);
  differs('form of linear layers', original.linear ?? 'as stored', again.linear ?? 'as stored');
  if (original.threads === undefined)
    causes.push('Its recipe does not say how many threads it was made with.');
  else differs('number of threads', original.threads, again.threads);
  if (original.approximations !== undefined)
    causes.push('It was made with approximations, which are not repeated.');
  return causes.length > 0
    ? causes
    : ['Nothing in the recipe says why: another processor, another version, or the file was changed.'];
}
