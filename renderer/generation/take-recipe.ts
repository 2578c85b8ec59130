import type { Recipe } from '../../preload/contract/index.ts';
import { changeForm, useGeneration } from './generation-store.ts';

/** Fills the panel with what a picture was made with, so that it can be made again with something else. */
export function takeRecipe(recipe: Recipe): void {
  const { prompt, negative, seed, steps, guidance, sampler, width, height, init, noise } = recipe;
  const model = useGeneration.getState().models.find(({ name }) => name === recipe.model.name);
  changeForm({
    prompt,
    negative,
    seed,
    seedLocked: true,
    steps,
    guidance,
    sampler,
    noise,
    precision: recipe.linear ?? 'auto',
    width,
    height,
    ...(model ? { modelId: model.id } : {}),
    ...(init ? { strength: init.strength } : {}),
  });
}
