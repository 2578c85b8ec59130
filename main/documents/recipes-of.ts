import { type LayerRecord, recipeSchema } from '../../preload/contract/index.ts';
import type { RecipeNote } from './png-recipe.ts';

/** The recipes of a document's visible generated layers, bottom to top; what cannot be read is left out. */
export function recipesOf(layers: readonly LayerRecord[]): RecipeNote[] {
  return layers.flatMap((layer) => {
    const recipe = layer.visible ? recipeSchema.safeParse(layer.recipe) : null;
    return recipe?.success ? [{ layer: layer.name, recipe: recipe.data }] : [];
  });
}
