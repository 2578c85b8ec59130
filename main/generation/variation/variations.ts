import {
  type GenerationRequest,
  type Plan,
  type RequestParams,
  type RequestResult,
  type ResultSummary,
  StudioError,
  type Variation,
} from '../../../preload/contract/index.ts';
import type { GenerationCache } from '../cache/generation-cache.ts';
import { nameRun } from '../cache/reuse.ts';
import { countEvaluations } from '../count-evaluations.ts';
import { readRecipes } from '../../documents/png-recipe.ts';
import { decodePicture } from '../../documents/png.ts';
import type { KnownParts } from '../known-parts.ts';
import type { InputStore } from '../inputs/input-store.ts';
import { exactRequest } from '../near/begin-near.ts';
import { buildPlan, type PlannedRun } from '../plan/build-plan.ts';
import type { RunKeys } from '../plan/stage-keys.ts';
import type { Price } from '../price.ts';
import type { ResolvedRequest } from '../resolve-request.ts';
import { partsMissing, restoreRequest } from '../restore-request.ts';
import type { ResultStore } from '../result-store.ts';
import { compareResults } from './compare-results.ts';
import { projectPicture } from './project-picture.ts';
import { mixRequest, type Parent, pictureHash, recipeName, varyRequests } from './vary.ts';

/** Results among which a picture that is taken in may be already. */
const RECENT = 500;

/** What variations need of the rest. */
export interface VariationsOptions {
  readonly store: ResultStore;
  readonly files: KnownParts;
  readonly inputs: InputStore;
  readonly cache: GenerationCache | undefined;
  readonly resolve: (request: GenerationRequest) => Promise<ResolvedRequest>;
  readonly price: (resolved: ResolvedRequest) => Price;
  /** Seconds that drawing what a ControlNet is shown takes. */
  readonly featureSeconds: (prepare: string, pixels: number) => number;
  readonly start: (request: GenerationRequest) => Promise<{ jobId: string }>;
}

/** Pictures that come from others, and what is kept of those. */
export interface Variations {
  readonly plan: (request: GenerationRequest) => Promise<Plan>;
  /** The same where outcomes of the keys in `made` will be there by then. */
  readonly planAfter: (request: GenerationRequest, made: ReadonlySet<string>) => Promise<Plan>;
  readonly planVariation: (variation: Variation) => Promise<Plan>;
  readonly vary: (variation: Variation) => Promise<{ jobIds: string[] }>;
  readonly mix: (params: RequestParams<'generation.mix'>) => Promise<{ jobId: string }>;
  readonly adopt: (png: Uint8Array) => Promise<{ resultId: string }>;
  readonly request: (resultId: string) => Promise<RequestResult<'generation.request'>>;
  readonly replay: (
    params: RequestParams<'generation.replay'>,
  ) => Promise<RequestResult<'generation.replay'>>;
  readonly exact: (params: RequestParams<'generation.exact'>) => Promise<RequestResult<'generation.exact'>>;
  readonly compare: (
    params: RequestParams<'generation.compare'>,
  ) => Promise<RequestResult<'generation.compare'>>;
  readonly kept: (resultId: string) => Promise<RequestResult<'generation.kept'>>;
  readonly heading: (resultId: string, step: number) => Promise<RequestResult<'generation.heading'>>;
}

/** Variations over results on disk. */
export function createVariations(options: VariationsOptions): Variations {
  const { store, files, inputs, cache, resolve } = options;

  const requestOf = async ({ recipe }: Pick<ResultSummary, 'recipe'>): Promise<GenerationRequest> => {
    const { request, missing } = await restoreRequest(recipe, files, inputs);
    if (missing !== null) throw partsMissing(missing);
    return request;
  };
  const parentOf = async (resultId: string): Promise<Parent> => {
    const { summary, raster } = await store.read(resultId);
    const { recipe } = summary;
    const request = await requestOf(summary);
    const { steps } = countEvaluations({ ...request, strength: request.init?.strength ?? null });
    return { recipe, request, picture: pictureHash(raster.rgba), steps };
  };
  const keysOf = async (resolved: ResolvedRequest): Promise<RunKeys | null> =>
    cache === undefined
      ? null
      : nameRun(cache, resolved, await resolved.recipe(resolved.job.compute.provider));

  const plannedRun = async (resolved: ResolvedRequest, made: ReadonlySet<string>): Promise<PlannedRun> => {
    const { job, evaluations, follow } = resolved;
    const recipe = await resolved.recipe(job.compute.provider);
    const keys = nameRun(cache ?? { engine: [] }, resolved, recipe);
    const unnamed: RunKeys = { stages: { text: [], image: null }, controls: [], states: [], picture: '' };
    return {
      keys: keys ?? unnamed,
      followed: follow && { run: await plannedRun(follow.original, made), step: follow.step },
      price: options.price(resolved),
      work: evaluations.perStep,
      firstPass: evaluations.firstPass,
      changes: (job.changes ?? []).map(({ step }) => step),
      init: job.init !== null,
      mask: job.mask !== undefined,
      controlSeconds: (recipe.controls ?? []).map(({ prepare }) =>
        options.featureSeconds(prepare, recipe.width * recipe.height),
      ),
      where: (key) => {
        if (cache === undefined) return null;
        if (made.has(key)) return 'memory';
        if (key === keys?.picture) return cache.pictures.has(key) ? 'disk' : null;
        return cache.stages.where(key);
      },
    };
  };
  const planAfter: Variations['planAfter'] = async (request, made) =>
    buildPlan(await plannedRun(await resolve(request), made));

  const plan = (request: GenerationRequest): Promise<Plan> => planAfter(request, new Set());

  return {
    plan,
    planAfter,
    async planVariation(variation) {
      const [first] = varyRequests(await parentOf(variation.resultId), variation);
      if (first === undefined) throw new RangeError('a variation is at least one picture');
      return plan(first);
    },
    async vary(variation) {
      const jobIds: string[] = [];
      for (const request of varyRequests(await parentOf(variation.resultId), variation)) {
        jobIds.push((await options.start(request)).jobId);
      }
      return { jobIds };
    },
    async mix({ from, to, lane, documentId, ...choice }) {
      const request = mixRequest(await parentOf(from), await parentOf(to), choice);
      return options.start({ ...request, lane, documentId });
    },
    async adopt(png) {
      const recipe = readRecipes(png).find(({ layer }) => layer === null)?.recipe;
      if (recipe === undefined) throw noRecipe();
      await decodePicture(png);
      for (const known of store.list(RECENT)) {
        const same = recipeName(known.recipe) === recipeName(recipe);
        if (same && Buffer.from(await store.readPng(known.resultId)).equals(png)) {
          return { resultId: known.resultId };
        }
      }
      const { resultId } = await store.keep({ jobId: 'adopted', recipe, raster: { png }, seconds: 0 });
      return { resultId };
    },
    async request(resultId) {
      return { request: await requestOf((await store.read(resultId)).summary) };
    },
    async replay({ resultId, look = [] }) {
      const { summary } = await store.read(resultId);
      const { request, missing } = await restoreRequest(summary.recipe, files.lookingIn(look), inputs);
      if (missing !== null) return { jobId: null, missing: [...missing] };
      const { jobId } = await options.start({ ...request, fresh: true });
      return { jobId, missing: [] };
    },
    async exact({ resultId }) {
      const { summary } = await store.read(resultId);
      if (summary.recipe.approximations === undefined) return { jobId: null };
      const { lineage: _lineage, ...request } = exactRequest(await requestOf(summary));
      return options.start(request);
    },
    async compare({ original, again }) {
      return compareResults(await store.read(original), await store.read(again));
    },
    async kept(resultId) {
      const { summary } = await store.read(resultId);
      const resolved = await resolve(await requestOf(summary));
      const keys = await keysOf(resolved);
      const { steps } = resolved.evaluations;
      const { prepare, step: perStep, decode } = options.price(resolved);
      let latest = 0;
      const states = Array.from({ length: steps + 1 }, (_, step) => {
        const key = keys?.states[step];
        const kept = key !== undefined && cache?.stages.where(key) !== null;
        if (kept) latest = step;
        return { step, kept, seconds: (latest === 0 ? prepare : 0) + (steps - latest) * perStep + decode };
      });
      return { steps, states };
    },
    async heading(resultId, step) {
      const { summary, raster } = await store.read(resultId);
      const resolved = await resolve(await requestOf(summary));
      const keys = await keysOf(resolved);
      const read = async (key: string | undefined) => {
        const value = key === undefined ? null : ((await cache?.stages.get(key, () => {})) ?? null);
        return value?.kind === 'state' ? value.state : null;
      };
      const [state, last] = [await read(keys?.states[step]), await read(keys?.states.at(-1))];
      return { raster: state && last && projectPicture(state.clean, last, raster, summary.recipe.hires) };
    },
  };
}

function noRecipe(): StudioError {
  return new StudioError(
    'generation/no-recipe',
    'There is no recipe by Impasto in this picture, so it cannot be made again. Nothing was started.',
    'Choose a picture that Impasto made, or use it as a picture to start from.',
  );
}
