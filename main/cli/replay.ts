import { type MissingPart, type Raster, type Recipe, StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { adoptFile } from './adopt-file.ts';
import { EXIT } from './exit-codes.ts';
import { followJobs } from './follow-jobs.ts';
import { openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { Outcome } from './run-action.ts';

/**
 * Makes a picture again and compares: equal, or by how much they differ and what may be the cause, or what is missing.
 *
 * @throws StudioError when the file is no picture by Impasto, or the run fails
 */
export async function replay(
  file: string,
  { find, out }: { readonly find: string[]; readonly out?: string },
  signal: AbortSignal,
): Promise<Outcome> {
  if (out !== undefined) await checkOutput(out);
  const studio = await openStudio({ startWorker: true });
  try {
    const resultId = await adoptFile(studio, file);
    const original = await studio.request('generation.result', { resultId });
    const missing: MissingPart[] = [];
    const [again] = await followJobs(
      studio,
      async () => {
        const answer = await studio.request('generation.replay', { resultId, look: find });
        missing.push(...answer.missing);
        return answer.jobId === null ? [] : [answer.jobId];
      },
      signal,
    );
    if (missing.length > 0) return lacking(file, missing);
    if (again === undefined) throw new StudioError('cli/no-picture', 'No picture came of it.', 'Try again.');
    const made = await studio.request('generation.result', { resultId: again.resultId });
    if (out !== undefined) await copyOutput(resultFile(studio.dataFolder, again.resultId), out);
    const difference = compare(original.raster, made.raster);
    const causes = causesOf(original.summary.recipe, again.recipe);
    const equal = difference === null;
    return {
      text: equal
        ? `${file}: made again in ${again.seconds.toFixed(1)} s, equal to the bit.`
        : `${file}: made again, and another picture: ${describe(difference)}. ${causes.join(' ')}`,
      json: { file, equal, difference, causes, missing: [], seconds: again.seconds, out: out ?? null },
      exitCode: equal ? EXIT.done : EXIT.differs,
    };
  } finally {
    await studio.close();
  }
}

interface Difference {
  readonly pixels: number;
  readonly ofPixels: number;
  /** Largest difference of one channel, 0 … 255; null when the sizes differ. */
  readonly largest: number | null;
}

function compare(a: Raster, b: Raster): Difference | null {
  const ofPixels = a.width * a.height;
  if (a.width !== b.width || a.height !== b.height) return { pixels: ofPixels, ofPixels, largest: null };
  let [pixels, largest] = [0, 0];
  for (let i = 0; i < a.rgba.length; i += 4) {
    let most = 0;
    for (let c = i; c < i + 4; c += 1) most = Math.max(most, Math.abs((a.rgba[c] ?? 0) - (b.rgba[c] ?? 0)));
    if (most > 0) pixels += 1;
    largest = Math.max(largest, most);
  }
  return pixels === 0 ? null : { pixels, ofPixels, largest };
}

function describe({ pixels, ofPixels, largest }: Difference): string {
  return largest === null
    ? 'its size differs'
    : `${pixels} of ${ofPixels} pixels differ, by ${largest} of 255 at most`;
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

function lacking(file: string, missing: readonly MissingPart[]): Outcome {
  const lines = missing.map(({ kind, name, sha256 }) => `  ${kind} "${name}", sha256 ${sha256}`);
  return {
    text: `${file} cannot be made again here. Missing:\n${lines.join('\n')}\nShow where they are with --find.`,
    json: { file, equal: false, difference: null, causes: [], missing, seconds: null, out: null },
    exitCode: EXIT.failed,
  };
}
