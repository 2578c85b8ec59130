import type { Raster } from '../../preload/contract/index.ts';
import { decodePicture } from '../documents/png.ts';
import type { InferenceHost, JobListeners } from '../inference/host/inference-host.ts';
import type { DenoiseState, GenerateJob, GenerateResult } from '../inference/protocol.ts';
import type { SamplerState } from '../inference/samplers/sampler.ts';
import { layOver } from '../inference/stages/pixels.ts';
import type { GenerationCache } from './cache/generation-cache.ts';
import { createKeeper } from './cache/keep-outcomes.ts';
import { findReuse, givenStages, latestState } from './cache/reuse.ts';
import type { FollowedRequest, ResolvedRequest } from './resolve-request.ts';

/** What a run is done with. */
export interface RunMeans {
  readonly host: Pick<InferenceHost, 'run'>;
  readonly cache: GenerationCache | undefined;
  readonly signal: AbortSignal;
  /** True for a job that an earlier process has begun. */
  readonly begunBefore: boolean;
}

/** A run to its picture, as it is to be kept. */
interface FinishedRun {
  readonly result: GenerateResult;
  readonly raster: Raster;
}

/** How a run went that another one follows. */
interface Trace {
  /** By the steps that are done; from where the two part. */
  readonly states: ReadonlyMap<number, DenoiseState>;
  readonly picture: Raster;
  /** Sentences for a person where it was out of the ordinary. */
  readonly notes: readonly string[];
}

/**
 * Runs a job to its picture. Where it follows another run outside a mask, that one is taken from what is kept, or run first
 * from where something of it is missing.
 *
 * @throws as {@link InferenceHost.run}
 */
export async function runFollowing(
  request: Pick<ResolvedRequest, 'job' | 'follow' | 'finish' | 'evaluations'>,
  listeners: JobListeners,
  means: RunMeans,
): Promise<FinishedRun> {
  const { follow, job, finish, evaluations } = request;
  if (follow === null) {
    const result = await means.host.run(job, listeners, means.signal);
    return { result, raster: await finish(pixelsOf(result)) };
  }
  let before = 0;
  const trace = await traceRun(follow.original, follow.step, means, {
    ...(listeners.recovered && { recovered: (recovery) => listeners.recovered?.(recovery) }),
    progress(progress) {
      before = progress.step;
      const left = evaluations.steps - follow.step;
      listeners.progress?.({ ...progress, steps: progress.steps + left });
    },
  });
  const result = await means.host.run(
    followingJob(job, follow, trace),
    {
      ...listeners,
      state: (state) => listeners.state?.({ ...state, ordinary: state.ordinary && trace.notes.length === 0 }),
      progress: (progress) =>
        listeners.progress?.(
          before === 0
            ? progress
            : {
                ...progress,
                step: before + Math.max(0, progress.step - follow.step),
                steps: before + progress.steps - follow.step,
              },
        ),
    },
    means.signal,
  );
  const notes = [...new Set([...trace.notes, ...result.notes])];
  const painted = await finish(pixelsOf(result));
  return { result: { ...result, notes }, raster: layOver(painted, trace.picture, follow.coverage.coverage) };
}

function pixelsOf({ width, height, rgba }: GenerateResult): Raster {
  return { width, height, rgba };
}

/** The job with what it follows, from where the two part. */
function followingJob(
  job: GenerateJob,
  { own, index, step }: FollowedRequest,
  { states }: Trace,
): GenerateJob {
  const latents = new Map(
    [...states]
      .filter(([done]) => done > step)
      .map(([done, { sampler }]) => [done, (sampler as SamplerState).latent]),
  );
  return {
    ...job,
    resume: job.resume !== null && job.resume.step >= step ? job.resume : (states.get(step) ?? null),
    ...(job.changes && {
      changes: job.changes.map((change, i) =>
        i === index ? { ...change, follow: { mask: own, latents } } : change,
      ),
    }),
  };
}

/** The states of a run from a step on, and its picture: those that are kept, and the rest as it is run. */
async function traceRun(
  request: ResolvedRequest,
  from: number,
  means: RunMeans,
  listeners: JobListeners,
): Promise<Trace> {
  const { cache } = means;
  const { keys, recipe, picture } = await findReuse(cache, request, means.begunBefore);
  const { steps } = request.evaluations;
  const ignore = (): void => {};
  const states = new Map<number, DenoiseState>();
  const read = async (step: number): Promise<DenoiseState | null> => {
    const key = keys?.states[step];
    const value = key === undefined ? null : ((await cache?.stages.get(key, ignore)) ?? null);
    return value?.kind === 'state' ? value.state : null;
  };
  // Before the first step there is no state to be kept.
  let missing: number | null = null;
  for (let step = Math.max(1, from); step <= steps && missing === null; step += 1) {
    const state = await read(step);
    if (state === null) missing = step;
    else states.set(step, state);
  }
  if (missing === null && picture !== null) {
    return { states, picture: await decodePicture(picture.png), notes: [] };
  }
  const resume =
    missing === null
      ? (states.get(steps) ?? null)
      : cache && keys && (await latestState(cache, keys.states.slice(0, missing), ignore));
  const keeper = createKeeper(cache, { keys, recipe }, request, () => performance.now() / 1000);
  const { result, raster } = await runFollowing(
    {
      ...request,
      job: {
        ...request.job,
        resume: resume ?? null,
        ...(cache && keys ? { stages: await givenStages(cache, keys, ignore) } : {}),
      },
    },
    {
      ...listeners,
      stage: keeper.stage,
      state(state) {
        keeper.state(state);
        if (state.step >= from) states.set(state.step, state);
      },
    },
    means,
  );
  return { states, picture: raster, notes: result.notes };
}
