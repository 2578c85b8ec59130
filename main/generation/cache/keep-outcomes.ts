import type { Recipe } from '../../../preload/contract/index.ts';
import type { DenoiseState, GenerateResult, MadeStage } from '../../inference/protocol.ts';
import type { SamplerState } from '../../inference/samplers/sampler.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { RunKeys } from '../plan/stage-keys.ts';
import type { ResolvedRequest } from '../resolve-request.ts';
import type { GenerationCache } from './generation-cache.ts';
import { nameRun, type Reuse } from './reuse.ts';
import { isKeptOnDisk } from './states-to-keep.ts';

/** Takes what a run makes into the cache. */
export interface Keeper {
  readonly stage: (made: MadeStage) => void;
  readonly state: (state: DenoiseState) => void;
  /**
   * Keeps the finished picture. Never rejects, as the picture itself is safe by now.
   * @param recipe names the device that really computed
   * @returns sentences for a person when it could not be kept.
   */
  readonly picture: (
    recipe: Recipe,
    result: Pick<GenerateResult, 'circumstances'>,
    png: () => Promise<Uint8Array>,
  ) => Promise<string[]>;
}

/**
 * Keeps the outcomes of one run under its names.
 *
 * @param known the names, with the recipe that they were made from, when there are any yet; @param now seconds on any
 * steady clock
 */
export function createKeeper(
  cache: GenerationCache | undefined,
  known: Pick<Reuse, 'keys' | 'recipe'>,
  request: ResolvedRequest,
  now: () => number,
): Keeper {
  const begun = now();
  let named: RunKeys | null = known.keys;
  /** When a state of this run went to disk last, in seconds since it began. */
  let written = 0;
  /** States that came before the hashes that name them, with what they took. */
  let early: { readonly state: DenoiseState; readonly seconds: number }[] = [];
  const keep = (state: DenoiseState, seconds: number): void => {
    const { states } = named ?? { states: [] };
    const key = states[state.step];
    if (cache === undefined || key === undefined || !state.ordinary) return;
    const onDisk = isKeptOnDisk(state.step, states.length - 1, bytesOf(state), seconds - written);
    if (onDisk) written = seconds;
    cache.stages.put(key, { kind: 'state', state }, seconds, onDisk);
  };
  let waiting = cache !== undefined && named === null;
  if (cache !== undefined && waiting) {
    request
      .recipe(request.job.compute.provider)
      .then((recipe) => {
        named = nameRun(cache, request, recipe);
        for (const { state, seconds } of early) keep(state, seconds);
      })
      .catch(() => {})
      .finally(() => {
        early = [];
        waiting = false;
      });
  }
  return {
    stage({ key, value, milliseconds }) {
      cache?.stages.put(key, value, milliseconds / 1000, true);
    },
    state(state) {
      const seconds = now() - begun;
      if (waiting) early.push({ state, seconds });
      else keep(state, seconds);
    },
    async picture(recipe, { circumstances }, png) {
      // What was out of the ordinary, such as tiles for want of memory, is not in the recipe and need not happen again.
      const asked = known.recipe !== null && canonicalJson(known.recipe) === canonicalJson(recipe);
      const made = asked ? known.keys : cache && nameRun(cache, request, recipe);
      if (cache === undefined || made === undefined || made === null) return [];
      if (circumstances.length > 0) return [];
      try {
        await cache.pictures.put(made.picture, await png());
        return [];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return [
          `The picture is safe, but repeating it will take its whole time: the cache takes nothing (${reason}).`,
        ];
      }
    },
  };
}

function bytesOf({ sampler, clean }: DenoiseState): number {
  const { latent, memory } = sampler as SamplerState;
  return [latent, clean, ...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
