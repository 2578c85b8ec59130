import { randomInt } from 'node:crypto';
import type { Raster, RequestParams, ResultSummary } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { AdapterOption } from './parse-option.ts';
import { createProgressLine } from './progress-line.ts';
import { readPicture } from './read-picture.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto generate`, parsed but not yet checked against a model. */
export interface GenerateFlags {
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
  init?: string;
  strength: number;
  adapter: AdapterOption[];
  out: string;
  json: boolean;
}

/**
 * Makes one picture and writes it to `flags.out`.
 *
 * @throws StudioError when it cannot be made or written; then there is no file and no part of one.
 */
export async function generate(flags: GenerateFlags, signal: AbortSignal): Promise<Outcome> {
  await checkOutput(flags.out);
  const init = flags.init === undefined ? null : await readPicture(flags.init);
  const studio = await openStudio({ startWorker: true });
  try {
    const summary = await paint(studio, await buildRequest(studio, flags, init), signal);
    await copyOutput(resultFile(studio.dataFolder, summary.resultId), flags.out);
    const { recipe, seconds } = summary;
    return {
      text: `${flags.out}: ${summary.width} × ${summary.height}, seed ${recipe.seed}, ${seconds.toFixed(1)} s on ${recipe.device}`,
      json: { file: flags.out, ...summary },
    };
  } finally {
    await studio.close();
  }
}

async function buildRequest(
  studio: CommandStudio,
  flags: GenerateFlags,
  init: Raster | null,
): Promise<RequestParams<'generation.start'>> {
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
    seed: flags.seed ?? randomInt(2 ** 32),
    noise: flags.noise,
    width: flags.width ?? card.nativeWidth,
    height: flags.height ?? card.nativeHeight,
    init: init && { raster: init, strength: flags.strength },
    adapters: flags.adapter,
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
  studio.on('generation.progress', line.update);
  studio.on('generation.recovered', ({ message }) => line.say(message));
  studio.on('studio.notice', ({ level, message }) => {
    if (level !== 'info') line.say(message);
  });
  studio.on('generation.finished', ({ result }) => resolve(result));
  studio.on('generation.failed', ({ error }) => reject(StudioError.from(error)));
  // One process, one job: every event is about it.
  studio.request('generation.start', request).then(({ jobId }) => {
    const cancel = (): void => void studio.request('generation.cancel', { jobId });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  }, reject);
  return promise.finally(line.end);
}
