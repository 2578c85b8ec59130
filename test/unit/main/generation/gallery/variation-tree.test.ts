import { expect, it } from 'vitest';
import { variationTree } from '../../../../../main/generation/gallery/variation-tree.ts';
import { recipeName } from '../../../../../main/generation/variation/vary.ts';
import type { Recipe, ResultSummary } from '../../../../../preload/contract/index.ts';
import { exampleRecipe } from '../../../../fixtures/recipe.ts';

const result = (resultId: string, recipe: Recipe): ResultSummary => ({
  resultId,
  jobId: resultId,
  recipe,
  width: 8,
  height: 8,
  seconds: 1,
  created: 0,
});
const base: Recipe = { ...exampleRecipe, init: null, steps: 20, sampler: 'ddim' };
const from = (parent: Recipe, step: number, seed: number): Recipe => ({
  ...base,
  changes: [{ step, noise: { seed, theta: 90 } }],
  lineage: [{ how: 'fork', recipe: recipeName(parent), picture: 'ab'.repeat(32), step }],
});

it('goes up to the first picture and down to everything that came of it', () => {
  const child = from(base, 15, 1);
  const other = { ...base, seed: 99 };
  const results = [
    result('grandchild', from(child, 8, 2)),
    result('sibling', from(base, 5, 3)),
    result('child', child),
    result('other', other),
    result('root', base),
  ];
  const tree = variationTree('grandchild', results);
  expect(tree.map(({ resultId, parent, step }) => [resultId, parent, step])).toEqual([
    ['root', null, null],
    ['child', 'root', 15],
    ['grandchild', 'child', 8],
    ['sibling', 'root', 5],
  ]);
  expect(tree[1]).toMatchObject({ how: 'fork', steps: 20 });
  expect(variationTree('other', results).map(({ resultId }) => resultId)).toEqual(['other']);
  expect(variationTree('gone', results)).toEqual([]);
  // Its parent is not here any more.
  expect(variationTree('child', results.slice(0, 4))).toHaveLength(2);
});
