import { expect, test } from 'vitest';
import { RasterCache } from '../../../../renderer/generation/raster-cache.ts';

const raster = (edge: number) => ({ width: edge, height: edge, rgba: new Uint8Array(edge * edge * 4) });

test('the longest unseen go first, the newest stays whatever it holds, and what is set again counts once', () => {
  const cache = new RasterCache(3 * 4 * 16);
  for (const id of ['a', 'b', 'c']) cache.set(id, raster(4));
  cache.set('c', raster(4));
  expect(cache.get('a')).toBeDefined();
  cache.set('d', raster(4));
  expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(id) !== undefined)).toEqual(['a', 'c', 'd']);
  cache.set('large', raster(100));
  expect(['a', 'c', 'd', 'large'].filter((id) => cache.get(id) !== undefined)).toEqual(['large']);
  cache.set('e', raster(4));
  expect(cache.get('large')).toBeUndefined();
  expect(cache.get('e')).toBeDefined();
});
