import { expect, test } from 'vitest';
import { buildPriceRequest, nextSeed } from '../../../../renderer/generation/build-request.ts';
import { useGeneration } from '../../../../renderer/generation/generation-store.ts';

const nothing = {
  strength: null,
  width: 256,
  height: 256,
  guides: [],
  groups: [],
  hires: undefined,
  masked: false,
};

test('the price is that of the next picture, not of the last one, which is kept', () => {
  const { form } = useGeneration.getState();
  const seeds = [1, 2, 3].map(() => buildPriceRequest({ ...form, seed: 7, seedLocked: false }, nothing).seed);
  expect(seeds).not.toContain(7);
  expect(buildPriceRequest({ ...form, seed: 7, seedLocked: true }, nothing).seed).toBe(7);
});

test('a seed that is locked comes again, another one does not', () => {
  expect(nextSeed({ seed: 7, seedLocked: true })).toBe(7);
  expect(nextSeed({ seed: 7, seedLocked: false })).not.toBe(nextSeed({ seed: 7, seedLocked: false }));
});
