import type { ResultSummary } from '../../preload/contract/index.ts';
import type { InferenceHost, Recovery } from '../inference/host/inference-host.ts';
import type { DenoiseState, GenerateJob, GenerateResult, Preview, Progress } from '../inference/protocol.ts';
import type { GenerationCache } from './cache/generation-cache.ts';
import { createKeeper } from './cache/keep-outcomes.ts';
import { findReuse, madeAgain } from './cache/reuse.ts';
import { runFollowing } from './follow-run.ts';
import type { ResolvedRequest } from './resolve-request.ts';
import type { ResultStore } from './result-store.ts';
import type { StageSeconds } from './stage-times.ts';

/** What a running job tells. */
export interface JobEvents {
  readonly progress: (progress: Progress) => void;
  readonly preview: (preview: Preview) => void;
  readonly recovered: (recovery: Recovery) => void;
  /** After each step, where the job stands. */
  readonly state: (state: DenoiseState) => void;
}

/** A picture that is on disk, and what its stages took. */
export interface JobOutcome {
  readonly summary: ResultSummary;
  /** False when the picture was kept from an identical job. */
  readonly ran: boolean;
  /** Null when some of it was there already. */
  readonly seconds: StageSeconds | null;
  /** The form of the denoiser's linear layers where it was not the file's own. */
  readonly linear?: GenerateResult['linear'];
  /** What a person should know of how it was made. */
  readonly notes: readonly string[];
}

/**
 * Runs one resolved request to a result on disk, or takes the result from the cache when an identical one was made.
 *
 * @param begunBefore true for a job that an earlier process has begun: what it left is worth waiting for.
 * @param cold true when the model has to be loaded: only then does its loading time mean anything.
 * @throws InferenceError, ModelError or StudioError when there is no result.
 */
export async function runJob(
  jobId: string,
  request: ResolvedRequest,
  {
    host,
    store,
    cache,
  }: { host: Pick<InferenceHost, 'run'>; store: ResultStore; cache: GenerationCache | undefined },
  events: JobEvents,
  signal: AbortSignal,
  cold: boolean,
  begunBefore = false,
): Promise<JobOutcome> {
  const now = (): number => performance.now() / 1000;
  const begun = now();
  const seconds = (): number => now() - begun;
  const { picture, job, damaged, ...known } = await findReuse(cache, request, begunBefore);
  if (picture !== null) {
    const { recipe, png } = picture;
    const summary = await store.keep({ jobId, recipe, raster: { png }, seconds: seconds() });
    return { summary, ran: false, seconds: null, notes: [] };
  }
  const keeper = createKeeper(cache, known, request, now);
  const state = (reached: DenoiseState): void => {
    keeper.state(reached);
    events.state(reached);
  };
  const listeners = { ...events, stage: keeper.stage, state };
  const means = { host, cache, signal, begunBefore };
  const { result, raster } = await runFollowing({ ...request, job }, listeners, means);
  const recipe = await request.recipe(deviceOf(result, job), result.linear?.scheme);
  const summary = await store.keep({ jobId, recipe, raster, seconds: seconds() });
  return {
    summary,
    ran: true,
    ...(result.linear === undefined ? {} : { linear: result.linear }),
    seconds: stageSeconds(result, cold, job.resume !== null),
    notes: [
      ...result.notes,
      ...result.circumstances,
      ...fallbackNotes(result, job),
      ...(damaged() ? [madeAgain(seconds())] : []),
      ...(await keeper.picture(recipe, result, () => store.readPng(summary.resultId))),
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

/** @param resumed true when steps or stages were taken from the cache: then only what ran is told. */
function stageSeconds(
  { timings, stepMilliseconds, aloneMilliseconds }: GenerateResult,
  cold: boolean,
  resumed: boolean,
): StageSeconds | null {
  const steps = stepMilliseconds.length;
  // A run that took its beginning from the cache says too little of what a whole one takes.
  if (resumed) return null;
  const stepping = aloneMilliseconds ?? stepMilliseconds.reduce((sum, value) => sum + value, 0);
  return {
    load: cold ? timings.load / 1000 : null,
    prepare: (timings['encode-prompt'] + timings['prepare-latent']) / 1000,
    step: steps === 0 ? 0 : stepping / steps / 1000,
    decode: timings.decode / 1000,
  };
}
