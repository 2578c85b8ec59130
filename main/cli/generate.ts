import { randomInt } from 'node:crypto';
import type {
  PrecisionChoice,
  RequestParams,
  ResultSummary,
  UsableSettings,
} from '../../preload/contract/index.ts';
import { easedWords, StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import type { BaseFlags } from './base-request.ts';
import { batchFiles } from './batch-files.ts';
import { followJobs } from './follow-jobs.ts';
import { type InputFlags, readInputs } from './generate-inputs.ts';
import { heldControls } from './held-controls.ts';
import { readPictureFile } from './inspect-picture.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { Outcome } from './run-action.ts';
import { takeSettings } from './take-settings.ts';

/** The options of `impasto generate`, parsed but not yet checked against a model. */
export interface GenerateFlags extends BaseFlags, InputFlags {
  noise?: 'philox' | 'torch-cpu';
  clipSkip?: number;
  guidanceRescale?: number;
  approximate?: number;
  approximatePrompt?: number;
  doneWithin?: number;
  guidanceInterval?: { start: number; end: number };
  vae?: string;
  precision: PrecisionChoice;
  batch?: number;
  /** Whether what earlier runs left is taken, and what this one makes is left for others. */
  cache: boolean;
  out: string;
}

/**
 * Makes one picture and writes it to `flags.out`; or a batch, whose finished pictures stay when a later one fails.
 *
 * @throws StudioError when one cannot be made or written; then there is no file of it and no part of one.
 */
export async function generate(flags: GenerateFlags, signal: AbortSignal): Promise<Outcome> {
  for (const file of batchFiles(flags.out, flags.batch, flags.seed ?? 0)) await checkOutput(file);
  const inputs = await readInputs(flags);
  const from = flags.from === undefined ? null : await readPictureFile(flags.from);
  const studio = await openStudio({ startWorker: true, cache: flags.cache });
  try {
    const settings = from && (await takeSettings(studio, flags.from ?? '', from));
    const seed = flags.seed ?? settings?.seed ?? randomInt(2 ** 32);
    const files = batchFiles(flags.out, flags.batch, seed);
    const request = await buildRequest(studio, flags, inputs, settings);
    const painted: Painted[] = [];
    for (const [i, file] of files.entries()) {
      const [summary] = await followJobs(
        studio,
        async () => [(await studio.request('generation.start', { ...request, seed: seed + i })).jobId],
        signal,
      );
      if (summary === undefined) continue;
      await copyOutput(resultFile(studio.dataFolder, summary.resultId), file);
      painted.push({ file, ...summary });
    }
    const [only] = painted;
    return {
      text: painted.map(describe).join('\n'),
      json: only !== undefined && flags.batch === undefined ? only : { pictures: painted },
    };
  } finally {
    await studio.close();
  }
}

type Painted = ResultSummary & { readonly file: string };

function describe({ file, width, height, recipe, seconds }: Painted): string {
  const form =
    recipe.linear === undefined ? recipe.precision : `${recipe.precision}, linear layers ${recipe.linear}`;
  const on = `${recipe.device}${form === 'fp32' ? '' : ` in ${form}`}`;
  const eased =
    recipe.eased && `; for ${recipe.eased.within} s: ${easedWords(recipe.eased, recipe).join(', ')}`;
  return `${file}: ${width} × ${height}, seed ${recipe.seed}, ${seconds.toFixed(1)} s on ${on}${eased ?? ''}`;
}

async function buildRequest(
  studio: CommandStudio,
  flags: GenerateFlags,
  inputs: Awaited<ReturnType<typeof readInputs>>,
  settings: UsableSettings | null,
): Promise<Omit<RequestParams<'generation.start'>, 'seed'>> {
  const card =
    flags.model === undefined
      ? await listedCard(studio, settings?.modelId ?? null)
      : await studio.request('models.open', { path: flags.model });
  const { held, ...given } = inputs;
  return {
    modelId: card.id,
    prompt: flags.prompt ?? settings?.prompt ?? '',
    negative: flags.negative ?? settings?.negative ?? '',
    sampler: flags.sampler ?? settings?.sampler ?? card.defaults.sampler,
    steps: flags.steps ?? settings?.steps ?? card.defaults.steps,
    guidance: flags.guidance ?? settings?.guidance ?? card.defaults.guidance,
    noise: flags.noise ?? settings?.noise ?? 'philox',
    ...pictureSize(flags, inputs, settings, card),
    clipSkip: flags.clipSkip ?? settings?.clipSkip ?? undefined,
    guidanceRescale: flags.guidanceRescale,
    approximations: approximationsOf(flags),
    doneWithin: flags.doneWithin,
    guidanceInterval: flags.guidanceInterval,
    vae: flags.vae,
    precision: flags.precision,
    ...given,
    controls: heldControls(held, card),
  };
}

function approximationsOf({ approximate, approximatePrompt }: GenerateFlags) {
  if (approximate === undefined && approximatePrompt === undefined) return undefined;
  return {
    ...(approximate === undefined ? {} : { outputs: approximate }),
    ...(approximatePrompt === undefined ? {} : { prompts: { bits: approximatePrompt } }),
  };
}

/**
 * A grown picture is as large as it becomes; others have the size that is asked for, else the model's own. In two passes that is
 * the size of the first.
 */
function pictureSize(
  flags: GenerateFlags,
  { init, outpaint }: Awaited<ReturnType<typeof readInputs>>,
  settings: UsableSettings | null,
  card: { readonly nativeWidth: number; readonly nativeHeight: number; readonly sizeMultiple: number },
): Pick<RequestParams<'generation.start'>, 'width' | 'height' | 'hires'> {
  const grown = outpaint &&
    init && {
      width: outpaint.left + init.raster.width + outpaint.right,
      height: outpaint.top + init.raster.height + outpaint.bottom,
    };
  const width = flags.width ?? grown?.width ?? settings?.width ?? card.nativeWidth;
  const height = flags.height ?? grown?.height ?? settings?.height ?? card.nativeHeight;
  if (flags.hires === undefined) return { width, height };
  const { scale, ...hires } = flags.hires;
  const large = (edge: number): number => Math.round((edge * scale) / card.sizeMultiple) * card.sizeMultiple;
  return { width: large(width), height: large(height), hires: { ...hires, width, height } };
}

/** The model of that id, or the one that ships. */
async function listedCard(studio: CommandStudio, id: string | null) {
  const cards = await studio.request('models.list', {});
  const card = cards.find((model) => model.id === id) ?? cards.find((model) => model.embedded);
  if (card !== undefined) return card;
  throw new StudioError(
    'cli/no-model',
    'The model that ships is not installed.',
    'Give --model, or install Impasto again.',
  );
}
