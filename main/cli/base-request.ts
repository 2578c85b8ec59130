import { type GenerationRequest, StudioError } from '../../preload/contract/index.ts';
import { adoptFile } from './adopt-file.ts';
import type { CommandStudio } from './open-studio.ts';

/** Options that say what a picture is to be, from words or from another picture's recipe. */
export interface BaseFlags {
  prompt?: string;
  from?: string;
  negative?: string;
  model?: string;
  steps?: number;
  guidance?: number;
  sampler?: string;
  seed?: number;
  width?: number;
  height?: number;
  json: boolean;
}

/** The request that makes a picture file again. @throws StudioError `generation/no-recipe`, `generation/parts-missing` */
export async function recipeRequest(studio: CommandStudio, file: string): Promise<GenerationRequest> {
  const resultId = await adoptFile(studio, file);
  const { request } = await studio.request('generation.request', { resultId });
  return request;
}

/**
 * The request that options describe: a picture's own, with what is said beside it, or one from words.
 *
 * @throws StudioError `cli/no-model`
 */
export async function baseRequest(studio: CommandStudio, flags: BaseFlags): Promise<GenerationRequest> {
  const { from, model } = flags;
  const base = from === undefined ? null : await recipeRequest(studio, from);
  const cards = await studio.request('models.list', {});
  const card =
    model === undefined
      ? cards.find(({ id, embedded }) => (base === null ? embedded : id === base.modelId))
      : await studio.request('models.open', { path: model });
  if (card === undefined) throw new StudioError('cli/no-model', 'There is no model.', 'Give --model.');
  const defaults = {
    modelId: card.id,
    prompt: '',
    negative: '',
    sampler: card.defaults.sampler,
    steps: card.defaults.steps,
    guidance: card.defaults.guidance,
    seed: 0,
    noise: 'philox' as const,
    width: card.nativeWidth,
    height: card.nativeHeight,
    init: null,
    adapters: [],
  };
  const { prompt, negative, steps, guidance, sampler, seed, width, height } = flags;
  const given = Object.entries({ prompt, negative, steps, guidance, sampler, seed, width, height }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...defaults, ...base, modelId: card.id, ...Object.fromEntries(given) };
}
