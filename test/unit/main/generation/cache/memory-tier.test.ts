import { expect, test } from 'vitest';
import { createMemoryTier } from '../../../../../main/generation/cache/memory-tier.ts';
import { isKeptOnDisk } from '../../../../../main/generation/cache/states-to-keep.ts';

test('what is cheap to compute again by the byte goes first, whenever it was used', () => {
  const tier = createMemoryTier<string>(100);
  tier.put('dear', 'd', 40, 10);
  tier.put('cheap', 'c', 40, 0.1);
  expect(tier.get('cheap')).toBe('c');
  tier.put('new', 'n', 40, 5);
  expect([tier.has('dear'), tier.has('cheap'), tier.has('new')]).toEqual([true, false, true]);
  expect(tier.bytes()).toBe(80);
});

test('among equals the one that was not used for longest goes first', () => {
  const tier = createMemoryTier<number>(3);
  for (const [i, key] of ['a', 'b', 'c'].entries()) tier.put(key, i, 1, 1);
  tier.get('a');
  tier.put('d', 3, 1, 1);
  expect(['a', 'b', 'c', 'd'].filter((key) => tier.has(key))).toEqual(['a', 'c', 'd']);
});

test('even what was dear goes when it is not used for long enough', () => {
  const tier = createMemoryTier<number>(10);
  tier.put('dear', 0, 1, 5);
  for (let i = 0; i < 200; i++) tier.put(`cheap ${i}`, i, 1, 0.5);
  expect(tier.has('dear')).toBe(false);
});

test('what is larger than the budget is not kept, and a key that comes again is counted once', () => {
  const tier = createMemoryTier<number>(10);
  tier.put('whale', 0, 11, 1);
  expect(tier.has('whale')).toBe(false);
  tier.put('a', 0, 6, 1);
  tier.put('a', 1, 7, 1);
  expect([tier.get('a'), tier.bytes()]).toEqual([1, 7]);
  tier.delete('a');
  tier.delete('a');
  expect(tier.bytes()).toBe(0);
});

test('small states all go to disk; of large ones as many as fit, evenly, the last one always', () => {
  const kept = (steps: number, bytes: number): number[] =>
    Array.from({ length: steps }, (_, i) => i + 1).filter((step) => isKeptOnDisk(step, steps, bytes, 1));
  expect(kept(20, 300_000)).toHaveLength(20);
  expect(kept(30, 8 * 1024 * 1024)).toEqual([2, 6, 10, 14, 18, 22, 26, 30]);
  expect(kept(20, 1024 ** 3)).toEqual([20]);
});

test('of states that take little to compute, only as many go to disk as a tenth of a second is worth', () => {
  let written = 0;
  const kept = Array.from({ length: 50 }, (_, i) => i + 1).filter((step) => {
    const seconds = step * 0.012;
    const goes = isKeptOnDisk(step, 50, 50_000, seconds - written);
    if (goes) written = seconds;
    return goes;
  });
  expect(kept).toEqual([9, 18, 27, 36, 45, 50]);
});
