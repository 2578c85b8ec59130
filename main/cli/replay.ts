import { type MissingPart, type RequestResult, StudioError } from '../../preload/contract/index.ts';
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
    if (out !== undefined) await copyOutput(resultFile(studio.dataFolder, again.resultId), out);
    const { equal, difference, causes } = await studio.request('generation.compare', {
      original: resultId,
      again: again.resultId,
    });
    return {
      text:
        difference === null
          ? `${file}: made again in ${again.seconds.toFixed(1)} s, equal to the bit.`
          : `${file}: made again, and another picture: ${describe(difference)}. ${causes.join(' ')}`,
      json: { file, equal, difference, causes, missing: [], seconds: again.seconds, out: out ?? null },
      exitCode: equal ? EXIT.done : EXIT.differs,
    };
  } finally {
    await studio.close();
  }
}

type Difference = NonNullable<RequestResult<'generation.compare'>['difference']>;

function describe({ pixels, ofPixels, largest }: Difference): string {
  return largest === null
    ? 'its size differs'
    : `${pixels} of ${ofPixels} pixels differ, by ${largest} of 255 at most`;
}

function lacking(file: string, missing: readonly MissingPart[]): Outcome {
  const lines = missing.map(({ kind, name, sha256 }) => `  ${kind} "${name}", sha256 ${sha256}`);
  return {
    text: `${file} cannot be made again here. Missing:\n${lines.join('\n')}\nShow where they are with --find.`,
    json: { file, equal: false, difference: null, causes: [], missing, seconds: null, out: null },
    exitCode: EXIT.failed,
  };
}
