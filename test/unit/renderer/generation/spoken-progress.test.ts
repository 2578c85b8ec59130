import { expect, test } from 'vitest';
import { SpokenProgress } from '../../../../renderer/generation/spoken-progress.ts';

test('each quarter is spoken of once, also where steps are skipped; a job of few steps is not', () => {
  const said: string[] = [];
  const progress = new SpokenProgress((sentence) => void said.push(sentence));
  for (const step of [1, 4, 6, 7, 13, 14, 19, 20]) progress.take('a', step, 20, (20 - step) / 10);
  expect(said).toEqual([
    '30 percent, 2 seconds left.',
    '65 percent, 1 seconds left.',
    '95 percent, 1 seconds left.',
  ]);
  said.length = 0;
  progress.take('b', 10, 20, 1);
  progress.take('b', 2, 3, 1);
  expect(said).toEqual(['50 percent, 1 seconds left.']);
});
