import { expect, test } from 'vitest';
import { coverWithTiles, cutTile, TileBlend } from '../../../../../main/inference/stages/tiles.ts';

test.each([
  [10, 7, 16, 4],
  [100, 33, 16, 4],
  [97, 96, 96, 24],
  [512, 300, 96, 24],
])('%i × %i is covered by tiles of %i that overlap by %i', (width, height, edge, overlap) => {
  const tiles = coverWithTiles(width, height, edge, overlap);
  for (const axis of ['x', 'y'] as const) {
    const [length, size] = axis === 'x' ? [width, 'width' as const] : [height, 'height' as const];
    const spans = [...new Set(tiles.map((tile) => tile[axis]))].map((start) => [
      start,
      start + tiles[0]![size],
    ]);
    expect(spans[0]![0]).toBe(0);
    expect(spans.at(-1)![1]).toBe(length);
    for (const [i, [start]] of spans.entries()) {
      if (i > 0) expect(spans[i - 1]![1]! - start!).toBeGreaterThanOrEqual(overlap);
    }
    expect(tiles[0]![size]).toBeLessThanOrEqual(edge);
  }
});

test('what is cut into tiles comes together again', () => {
  const [channels, width, height] = [2, 41, 29];
  const planes = Float32Array.from({ length: channels * width * height }, (_, i) => Math.sin(i * 0.37));
  const blend = new TileBlend(channels, width, height, 5);
  for (const tile of coverWithTiles(width, height, 16, 5))
    blend.add(cutTile(planes, width, height, tile), tile);
  blend.finish().forEach((value, i) => expect(Math.abs(value - planes[i]!)).toBeLessThan(1e-5));
});

test('tiles that disagree meet without a step', () => {
  const blend = new TileBlend(1, 28, 4, 4);
  const tiles = coverWithTiles(28, 4, 16, 4);
  tiles.forEach((tile, i) => blend.add(new Float32Array(tile.width * tile.height).fill(i), tile));
  const row = blend.finish().subarray(0, 28);
  expect(row[0]).toBe(0);
  expect(row[27]).toBe(1);
  for (let x = 1; x < 28; x += 1) {
    expect(row[x]! - row[x - 1]!).toBeGreaterThanOrEqual(0);
    expect(row[x]! - row[x - 1]!).toBeLessThan(0.3);
  }
});
