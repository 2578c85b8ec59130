import type { ResultSummary } from '../../preload/contract/index.ts';
import type { InferenceHost, Recovery } from '../inference/host/inference-host.ts';
import type { GenerateJob, GenerateResult, Preview, Progress } from '../inference/protocol.ts';
import type { PictureCache } from './cache/picture-cache.ts';
import { keepForRepeats, madeAgain, takeRepeat } from './cache/repeats.ts';
import type { ResolvedRequest } from './resolve-request.ts';
import type { ResultStore } from './result-store.ts';
import type { StageSeconds } from './stage-times.ts';

/** What a running job tells. */
export interface JobEvents {
  readonly progress: (progress: Progress) => void;
  readonly preview: (preview: Preview) => void;
  readonly recovered: (recovery: Recovery) => void;
}

/** A picture that is on disk, and what its stages took. */
export interface JobOutcome {
  readonly summary: ResultSummary;
  /** Null when nothing ran, because the picture was kept from an identical job. */
  readonly seconds: StageSeconds | null;
  /** What a person should know of how it was made. */
  readonly notes: readonly string[];
  /** The form of linear layers where it was not the file's own, and what it costs. */
  readonly linear?: GenerateResult['linear'];
}

/**
 * Runs one resolved request to a result on disk, or takes the result from the cache when an identical one was made.
 *
 * @param cold true when the model has to be loaded: only then does its loading time mean anything.
 * @throws InferenceError, ModelError or StudioError when there is no result.
 */
export async function runJob(
  jobId: string,
  { job, recipe, finish }: ResolvedRequest,
  {
    host,
    store,
    pictures,
  }: { host: Pick<InferenceHost, 'run'>; store: ResultStore; pictures: PictureCache | undefined },
  events: JobEvents,
  signal: AbortSignal,
  cold: boolean,
): Promise<JobOutcome> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const repeat = await takeRepeat(pictures, { job, recipe });
  if (repeat.kept !== null) {
    const summary = await store.keep({ jobId, ...repeat.kept, seconds: seconds() });
    return { summary, seconds: null, notes: [] };
  }
  const result = await host.run(job, events, signal);
  const made = await recipe(deviceOf(result, job), result.linear?.scheme);
  const summary = await store.keep({
    jobId,
    recipe: made,
    raster: await finish({ width: result.width, height: result.height, rgba: result.rgba }),
    seconds: seconds(),
  });
  return {
    summary,
    ...(result.linear === undefined ? {} : { linear: result.linear }),
    seconds: stageSeconds(result, cold),
    notes: [
      ...result.notes,
      ...fallbackNotes(result, job),
      ...(repeat.damaged ? [madeAgain(seconds())] : []),
      ...(await keepForRepeats(pictures, {
        recipe: made,
        job,
        result,
        png: () => store.readPng(summary.resultId),
      })),
    ],
  };
}

/** Says so when a network ran elsewhere than it was to: the recipe names what really computed. */
function fallbackNotes(result: GenerateResult, job: GenerateJob): string[] {
  const { provider } = job.compute;
  const moved = Object.entries(result.providers).filter(([, used]) => used !== provider);
  return moved.map(
    ([network, used]) => `Slower: ${provider} could not take the ${network}, which ran on ${used}.`,
  );
}

/** The provider that computed the networks; several are named together, since each rounds in its own way. */
export function deviceOf(result: GenerateResult, job: GenerateJob): string {
  const used = [...new Set(Object.values(result.providers))].toSorted();
  return used.length === 0 ? job.compute.provider : used.join('+');
}

function stageSeconds({ timings, stepMilliseconds }: GenerateResult, cold: boolean): StageSeconds {
  const steps = stepMilliseconds.length;
  return {
    load: cold ? timings.load / 1000 : null,
    prepare: (timings['encode-prompt'] + timings['prepare-latent']) / 1000,
    step: steps === 0 ? 0 : stepMilliseconds.reduce((sum, value) => sum + value, 0) / steps / 1000,
    decode: timings.decode / 1000,
  };
}
