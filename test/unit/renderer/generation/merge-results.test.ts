import { expect, it } from 'vitest';
import type { ResultSummary } from '../../../../preload/contract/index.ts';
import { mergeResults } from '../../../../renderer/generation/merge-results.ts';
import { exampleRecipe } from '../../../fixtures/recipe.ts';

const result = (resultId: string): ResultSummary => ({
  resultId,
  jobId: `job of ${resultId}`,
  recipe: exampleRecipe,
  width: 64,
  height: 64,
  seconds: 1,
  created: 0,
});

it('keeps a picture that came while an older answer was on its way, once, and lets go what the studio has no more', () => {
  const [a, b, c, gone] = ['a', 'b', 'c', 'gone'].map(result) as [
    ResultSummary,
    ResultSummary,
    ResultSummary,
    ResultSummary,
  ];
  expect(mergeResults([b, a], [a, gone], [c, b, a, gone])).toEqual([c, b, a]);
});
