import type { Recipe } from '../../../preload/contract/index.ts';

/**
 * A recipe without what decides nothing of the picture: where it came from, what gave way, and what
 * files are called. Two recipes that
 * are equal in this form make the same picture.
 */
export function recipeIdentity(recipe: Recipe) {
  const { lineage: _lineage, eased: _eased, approximations, changes, ...rest } = recipe;
  // Steps that were another prompt's are in the changes.
  const { prompts: _prompts, ...approximate } = approximations ?? {};
  return {
    ...rest,
    ...(Object.keys(approximate).length > 0 ? { approximations: approximate } : {}),
    model: nameless(recipe.model),
    adapters: recipe.adapters.map(nameless),
    ...(recipe.controls ? { controls: recipe.controls.map(nameless) } : {}),
    ...(recipe.vae ? { vae: nameless(recipe.vae) } : {}),
    ...(changes
      ? {
          changes: changes.map(({ adapters, ...change }) => ({
            ...change,
            ...(adapters ? { adapters: adapters.map(nameless) } : {}),
          })),
        }
      : {}),
  };
}

/** A recipe in that form. */
export type RecipeIdentity = ReturnType<typeof recipeIdentity>;

function nameless<T extends { readonly name: string }>({ name: _name, ...rest }: T): Omit<T, 'name'> {
  return rest;
}
