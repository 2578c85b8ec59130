import {
  type MissingPart,
  type RequestResult,
  type ResultSummary,
  StudioError,
} from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { adoptFile } from './adopt-file.ts';
import { EXIT } from './exit-codes.ts';
import { followJobs } from './follow-jobs.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { Outcome } from './run-action.ts';

/**
 * Makes a picture again and compares: equal, or by how much they differ and what may be the cause, or what is missing.
 *
 * @throws StudioError when the file is no picture by Impasto, or the run fails
 */
export async function replay(
  file: string,
  { find, exact, out }: { readonly find: string[]; readonly exact: boolean; readonly out?: string },
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
        if (exact) return [await exactJob(studio, file, resultId)];
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
    if (exact) return exactOutcome(file, again, difference, out);
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

async function exactJob(studio: CommandStudio, file: string, resultId: string): Promise<string> {
  const { jobId } = await studio.request('generation.exact', { resultId });
  if (jobId !== null) return jobId;
  throw new StudioError(
    'cli/already-exact',
    `Nothing of ${file} is approximate. Nothing was started.`,
    'Leave --exact out to make it again and compare.',
  );
}

function exactOutcome(
  file: string,
  exact: ResultSummary,
  difference: Difference | null,
  out: string | undefined,
): Outcome {
  const psnr = difference?.psnr ?? null;
  const off =
    difference === null
      ? 'the approximate one is equal to it'
      : `the approximate one is off: ${describe(difference)}${psnr === null ? '' : `, ${psnr.toFixed(1)} dB PSNR`}`;
  return {
    text: `${file}: exact picture made in ${exact.seconds.toFixed(1)} s; ${off}.`,
    json: { file, equal: difference === null, difference, seconds: exact.seconds, out: out ?? null },
  };
}

function lacking(file: string, missing: readonly MissingPart[]): Outcome {
  const lines = missing.map(({ kind, name, sha256 }) => `  ${kind} "${name}", sha256 ${sha256}`);
  return {
    text: `${file} cannot be made again here. Missing:\n${lines.join('\n')}\nShow where they are with --find.`,
    json: { file, equal: false, difference: null, causes: [], missing, seconds: null, out: null },
    exitCode: EXIT.failed,
  };
}
