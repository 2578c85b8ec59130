import { expect, test } from 'vitest';
import { maskFeeds, meanCoverage, widenPair } from '../../../../../main/inference/stages/adapter-regions.ts';

const region = { width: 4, height: 2, coverage: Uint8Array.of(255, 255, 0, 0, 255, 0, 0, 51) };

test('coverage is averaged over equal parts', () => {
  const coarse = [...meanCoverage(region, 1, 2)];
  expect(coarse[0]).toBeCloseTo(0.75, 6);
  expect(coarse[1]).toBeCloseTo(0.05, 6);
  expect(meanCoverage(region, 1, 1)[0]).toBeCloseTo(0.4, 6);
  expect([...meanCoverage(region, 2, 4)].map((x) => Math.round(x * 255))).toEqual([...region.coverage]);
});

test('each adapter has its columns; padding columns are zero; whole-picture masks take the mean', () => {
  const inputs = new Map([
    ['adapter_mask', { dtype: 'float32', shape: [2, 'adapter_rank'] }],
    ['adapter_mask_1x2', { dtype: 'float32', shape: [2, 2, 'adapter_rank'] }],
    ['sample', { dtype: 'float32', shape: [2, 4, 1, 2] }],
  ] as const);
  const feeds = maskFeeds(
    inputs,
    [
      { rank: 1, region },
      { rank: 2, region: undefined },
    ],
    4,
  );
  expect(Object.keys(feeds)).toEqual(['adapter_mask', 'adapter_mask_1x2']);
  const rounded = (name: string): number[] => [...feeds[name]!.data].map((x) => Math.round(Number(x) * 100));
  const mean = [40, 100, 100, 0];
  expect(rounded('adapter_mask')).toEqual([...mean, ...mean]);
  const cells = [75, 100, 100, 0, 5, 100, 100, 0];
  expect(rounded('adapter_mask_1x2')).toEqual([...cells, ...cells]);
  expect(feeds['adapter_mask_1x2']!.shape).toEqual([2, 2, 4]);
});

test('a pair is widened with zeros without changing its product', () => {
  const a = Float32Array.of(1, 2, 3);
  const b = Float32Array.of(5, 7);
  const linear = widenPair(
    { pair: { kind: 'linear', rank: 1, shape: [2, 3], a, b, scale: 0.5 }, strength: 2 },
    { kind: 'linear', shape: [2, 3] },
    2,
  );
  expect([...linear.pair.a]).toEqual([1, 0, 2, 0, 3, 0]);
  expect([...linear.pair.b]).toEqual([5, 7, 0, 0]);
  expect([linear.strength, linear.pair.scale]).toEqual([2, 0.5]);
  const conv = widenPair(
    { pair: { kind: 'conv', rank: 1, shape: [2, 3, 1, 1], a, b, scale: 1 }, strength: 1 },
    { kind: 'conv', shape: [2, 3, 1, 1] },
    2,
  );
  expect([...conv.pair.a]).toEqual([1, 2, 3, 0, 0, 0]);
  expect([...conv.pair.b]).toEqual([5, 0, 7, 0]);
});
