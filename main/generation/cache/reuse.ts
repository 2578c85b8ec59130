import { setTimeout as wait } from 'node:timers/promises';
import type { Recipe } from '../../../preload/contract/index.ts';
import { withRecipes } from '../../documents/png-recipe.ts';
import type { DenoiseState, GenerateJob, StageValue } from '../../inference/protocol.ts';
import { nameStages, type RunKeys } from '../plan/stage-keys.ts';
import type { ResolvedRequest } from '../resolve-request.ts';
import type { GenerationCache } from './generation-cache.ts';
import type { StageCache } from './stage-cache.ts';

/**
 * Milliseconds that a job waits for the hashes of its recipe, after which it runs and they go on beside: known ones are
 * there at once, and of a job that has begun before much can be gone on from.
 */
const HASHES_WITHIN = { new: 300, begun: 20_000 };

/** What of a run need not be done again. */
export interface Reuse {
  /** Null while hashes are being computed, and for runs that nothing can be kept of. */
  readonly keys: RunKeys | null;
  /** What the keys were made from. */
  readonly recipe: Recipe | null;
  /** The whole picture, as a PNG file with this recipe in it. */
  readonly picture: { readonly recipe: Recipe; readonly png: Uint8Array } | null;
  /** The job with what is there already. */
  readonly job: GenerateJob;
  /** True when something was there, failed its checksum and was taken away. */
  readonly damaged: () => boolean;
}

/**
 * Looks up what of a run is there, made by the device that the job asks for. Never rejects.
 *
 * @param begun true for a job that an earlier process has begun
 */
export async function findReuse(
  cache: GenerationCache | undefined,
  request: ResolvedRequest,
  begun: boolean,
): Promise<Reuse> {
  const { job } = request;
  let broken = false;
  const damaged = (): void => {
    broken = true;
  };
  const nothing: Reuse = { keys: null, recipe: null, picture: null, job, damaged: () => broken };
  if (cache === undefined) return nothing;
  const within = begun ? HASHES_WITHIN.begun : HASHES_WITHIN.new;
  const named = await nameSoon(cache, request, within);
  if (named === null) return nothing;
  const { recipe, keys } = named;
  const lookup = await cache.pictures.get(keys.picture);
  if (lookup.found === 'whole') {
    // The same picture may have come about in another way.
    const png = withRecipes(lookup.bytes, [{ layer: null, recipe }]);
    return { ...nothing, keys, recipe, picture: { recipe, png } };
  }
  if (lookup.found === 'damaged') damaged();
  const resume = job.resume ?? (await latestState(cache, keys.states, damaged));
  const stages = await givenStages(cache, keys, damaged);
  return { ...nothing, keys, recipe, job: { ...job, resume, stages } };
}

/** The names of everything in a run by the device that it asks for; null where they cannot be had soon. */
export async function nameReuse(cache: GenerationCache, request: ResolvedRequest): Promise<RunKeys | null> {
  return (await nameSoon(cache, request, HASHES_WITHIN.new))?.keys ?? null;
}

async function nameSoon(
  cache: GenerationCache,
  request: ResolvedRequest,
  within: number,
): Promise<{ readonly recipe: Recipe; readonly keys: RunKeys } | null> {
  const recipe = await recipeSoon(request.recipe(request.job.compute.provider), within);
  const keys = recipe && nameRun(cache, request, recipe);
  return recipe && keys && { recipe, keys };
}

/** The names of everything in a run; null when something of it has no name by content. */
export function nameRun(
  { engine }: Pick<GenerationCache, 'engine'>,
  { job, evaluations, unchanged, seesPictures }: ResolvedRequest,
  recipe: Recipe,
): RunKeys | null {
  return nameStages({ recipe, job, evaluations, unchanged, engine, seesPictures });
}

/** The latest state that is there. @param states names of those to choose from, in their order */
export async function latestState(
  { stages }: { readonly stages: Pick<StageCache, 'where' | 'get'> },
  states: readonly string[],
  damaged: () => void,
): Promise<DenoiseState | null> {
  for (const key of states.toReversed()) {
    if (stages.where(key) === null) continue;
    const value = await stages.get(key, damaged);
    if (value?.kind === 'state') return value.state;
  }
  return null;
}

/** What is there of the stages before the steps. */
export async function givenStages(
  { stages }: GenerationCache,
  { stages: keys }: RunKeys,
  damaged: () => void,
): Promise<NonNullable<GenerateJob['stages']>> {
  const given = new Map<string, StageValue>();
  const wanted = [keys, ...(keys.firstPass ? [keys.firstPass] : [])].flatMap(({ image, text }) => [
    image,
    ...text.flatMap(({ prompt, negative, mix }) => [prompt, negative, mix]),
  ]);
  for (const key of new Set(wanted)) {
    const value = key === null ? null : await stages.get(key, damaged);
    if (key === null || value === null || value.kind === 'state' || value.kind === 'features') continue;
    given.set(key, value);
  }
  return { keys, given };
}

/** The recipe unless its hashes take long or cannot be had; the job itself says what is wrong with its files. */
async function recipeSoon(recipe: Promise<Recipe>, within: number): Promise<Recipe | null> {
  const waited = new AbortController();
  try {
    return await Promise.race([recipe, wait(within, null, { signal: waited.signal })]);
  } catch {
    return null;
  } finally {
    waited.abort();
  }
}

/** What to tell of something that was damaged in the cache; the picture took `seconds` to make again. */
export function madeAgain(seconds: number): string {
  return `A kept picture failed its checksum and was made again (+${seconds.toFixed(1)} s). The picture is exactly right. Check the disk if this returns.`;
}
