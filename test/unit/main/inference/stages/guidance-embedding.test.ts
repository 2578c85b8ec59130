import { expect, test } from 'vitest';
import { guidanceEmbedding } from '../../../../../main/inference/stages/guidance-embedding.ts';

test('sines come before cosines, frequencies fall from 1 to 1/10,000', () => {
  const embedding = guidanceEmbedding(1.002, 4);
  // (1.002 - 1) * 1000 = 2: frequencies 1 and 1/10,000.
  expect(embedding[0]).toBeCloseTo(Math.sin(2), 5);
  expect(embedding[1]).toBeCloseTo(Math.sin(2e-4), 8);
  expect(embedding[2]).toBeCloseTo(Math.cos(2), 5);
  expect(embedding[3]).toBeCloseTo(Math.cos(2e-4), 6);
});
