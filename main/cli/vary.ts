import { randomInt } from 'node:crypto';
import type { RequestParams, ResultSummary } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { adoptFile } from './adopt-file.ts';
import { batchFiles } from './batch-files.ts';
import { followJobs } from './follow-jobs.ts';
import { openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import { readPicture } from './read-picture.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto vary`. */
export interface VaryFlags {
  at?: RequestParams<'generation.vary'>['at'];
  subtle: boolean;
  strong: boolean;
  theta?: number;
  seed?: number;
  prompt?: string;
  negative?: string;
  guidance?: number;
  steps?: number;
  adapter?: { path: string; strength: number }[];
  mask?: string;
  within?: string;
  count?: number;
  out: string;
  json: boolean;
}

/** Shares of a run after which a variation is subtle or strong. */
const SUBTLE = 0.75;
const STRONG = 0.4;

/**
 * Makes variations of a picture and writes them.
 *
 * @throws StudioError when the file is no picture by Impasto, lacks a part, or a run fails
 */
export async function vary(file: string, flags: VaryFlags, signal: AbortSignal): Promise<Outcome> {
  const at = placeOf(flags);
  const seed = flags.seed ?? randomInt(2 ** 32);
  const files = batchFiles(flags.out, flags.count, seed);
  for (const out of files) await checkOutput(out);
  const mask = flags.mask === undefined ? undefined : await readPicture(flags.mask, '--mask');
  const within = flags.within === undefined ? undefined : await readPicture(flags.within, '--within');
  const studio = await openStudio({ startWorker: true, cache: true });
  try {
    const resultId = await adoptFile(studio, file);
    const { prompt, negative, guidance, steps, adapter, count } = flags;
    const differs = [prompt, negative, guidance, steps, adapter, mask].some((value) => value !== undefined);
    const turned = flags.theta !== undefined || flags.seed !== undefined || !differs;
    const noise = turned ? { seed, theta: flags.theta ?? 90 } : undefined;
    const variation = {
      resultId,
      at,
      noise,
      prompt,
      negative,
      guidance,
      steps,
      adapters: adapter,
      mask,
      within,
      count,
    };
    const plan = await studio.request('generation.planVariation', variation);
    const pictures = await followJobs(
      studio,
      async () => (await studio.request('generation.vary', variation)).jobIds,
      signal,
    );
    for (const [i, { resultId: made }] of pictures.entries()) {
      await copyOutput(resultFile(studio.dataFolder, made), files[i] ?? flags.out);
    }
    const states = plan.stages.filter(({ kind }) => kind === 'denoise');
    const shared = states.length - states.filter(({ runs }) => runs).length;
    return {
      text: pictures
        .map((picture, i) => describe(files[i] ?? flags.out, picture))
        .concat(`The first shared ${shared} of ${states.length} steps with what was there.`)
        .join('\n'),
      json: {
        shared,
        steps: states.length,
        pictures: pictures.map((one, i) => ({ file: files[i], ...one })),
      },
    };
  } finally {
    await studio.close();
  }
}

function placeOf({ at, subtle, strong }: VaryFlags): RequestParams<'generation.vary'>['at'] {
  const given = [at !== undefined, subtle, strong].filter(Boolean).length;
  if (given > 1) {
    throw new StudioError(
      'cli/several-places',
      'Only one of --at, --subtle and --strong says where a variation differs. Nothing was started.',
      'Give one of them.',
    );
  }
  return at ?? { share: strong ? STRONG : SUBTLE };
}

function describe(file: string, { width, height, recipe, seconds }: ResultSummary): string {
  const change = recipe.changes?.at(-1);
  const noise = change?.noise === undefined ? '' : `, noise ${change.noise.seed} by ${change.noise.theta}°`;
  return `${file}: ${width} × ${height}, differs from step ${change?.step} on${noise}, ${seconds.toFixed(1)} s`;
}
