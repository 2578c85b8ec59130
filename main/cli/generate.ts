import { randomInt } from 'node:crypto';
import type { RequestParams, ResultSummary } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { batchFiles } from './batch-files.ts';
import { type InputFlags, readInputs } from './generate-inputs.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import { createProgressLine } from './progress-line.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto generate`, parsed but not yet checked against a model. */
export interface GenerateFlags extends InputFlags {
  prompt: string;
  negative: string;
  model?: string;
  steps?: number;
  guidance?: number;
  sampler?: string;
  seed?: number;
  noise: 'philox' | 'torch-cpu';
  width?: number;
  height?: number;
  clipSkip?: number;
  batch?: number;
  out: string;
  json: boolean;
}

/**
 * Makes one picture and writes it to `flags.out`; or a batch, whose finished pictures stay when a later one fails.
 *
 * @throws StudioError when one cannot be made or written; then there is no file of it and no part of one.
 */
export async function generate(flags: GenerateFlags, signal: AbortSignal): Promise<Outcome> {
  const seed = flags.seed ?? randomInt(2 ** 32);
  const files = batchFiles(flags.out, flags.batch, seed);
  for (const file of files) await checkOutput(file);
  const inputs = await readInputs(flags);
  const studio = await openStudio({ startWorker: true });
  try {
    const request = await buildRequest(studio, flags, inputs);
    const painted: Painted[] = [];
    for (const [i, file] of files.entries()) {
      const summary = await paint(studio, { ...request, seed: seed + i }, signal);
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
  return `${file}: ${width} × ${height}, seed ${recipe.seed}, ${seconds.toFixed(1)} s on ${recipe.device}`;
}

async function buildRequest(
  studio: CommandStudio,
  flags: GenerateFlags,
  inputs: Awaited<ReturnType<typeof readInputs>>,
): Promise<Omit<RequestParams<'generation.start'>, 'seed'>> {
  const card =
    flags.model === undefined
      ? await embeddedCard(studio)
      : await studio.request('models.open', { path: flags.model });
  return {
    modelId: card.id,
    prompt: flags.prompt,
    negative: flags.negative,
    sampler: flags.sampler ?? card.defaults.sampler,
    steps: flags.steps ?? card.defaults.steps,
    guidance: flags.guidance ?? card.defaults.guidance,
    noise: flags.noise,
    width: flags.width ?? card.nativeWidth,
    height: flags.height ?? card.nativeHeight,
    clipSkip: flags.clipSkip,
    ...inputs,
  };
}

async function embeddedCard(studio: CommandStudio) {
  const card = (await studio.request('models.list', {})).find((model) => model.embedded);
  if (card !== undefined) return card;
  throw new StudioError(
    'cli/no-model',
    'The model that ships is not installed.',
    'Give --model, or install Impasto again.',
  );
}

/** Resolves with the finished picture's summary, or throws what the job failed with. */
function paint(
  studio: CommandStudio,
  request: RequestParams<'generation.start'>,
  signal: AbortSignal,
): Promise<ResultSummary> {
  const line = createProgressLine(process.stderr);
  const { promise, resolve, reject } = Promise.withResolvers<ResultSummary>();
  // One process, one job at a time: every event is about it.
  const off = [
    studio.on('generation.progress', line.update),
    studio.on('generation.recovered', ({ message }) => line.say(message)),
    studio.on('studio.notice', ({ level, message }) => {
      if (level !== 'info') line.say(message);
    }),
    studio.on('generation.finished', ({ result }) => resolve(result)),
    studio.on('generation.failed', ({ error }) => reject(StudioError.from(error))),
  ];
  studio.request('generation.start', request).then(({ jobId }) => {
    const cancel = (): void => void studio.request('generation.cancel', { jobId });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  }, reject);
  return promise.finally(() => {
    line.end();
    for (const stop of off) stop();
  });
}
