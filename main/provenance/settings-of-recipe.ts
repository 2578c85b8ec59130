import type { FoundSettings, Recipe } from '../../preload/contract/index.ts';
import { emptySettings, foundSampler } from './settings-draft.ts';

/** Impasto's own recipe in the same terms as those of other programs; the recipe itself stays beside it, whole. */
export function settingsOfRecipe(recipe: Recipe): FoundSettings {
  const { model, sampler, adapters, controls, init } = recipe;
  return {
    ...emptySettings('impasto', 'PNG iTXt "impasto"'),
    version: String(recipe.version),
    prompt: recipe.prompt,
    negative: recipe.negative,
    sampler: foundSampler(sampler),
    steps: recipe.steps,
    guidance: recipe.guidance,
    seed: recipe.seed,
    noise: recipe.noise,
    width: recipe.width,
    height: recipe.height,
    strength: init?.strength ?? null,
    clipSkip: recipe.clipSkip ?? null,
    model: { name: model.name, hash: model.sha256 },
    adapters: adapters.map(({ name, sha256, strength, textStrength }) => ({
      name,
      hash: sha256,
      strength,
      textStrength: textStrength ?? null,
    })),
    controls: (controls ?? []).map(({ name, strength, start, end }) => ({
      name,
      strength,
      start: start ?? null,
      end: end ?? null,
    })),
    recipe,
  };
}
