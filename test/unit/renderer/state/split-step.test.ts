import { expect, test } from 'vitest';
import { isPixelChange, type Change } from '../../../../renderer/engine/changes.ts';
import { splitStep } from '../../../../renderer/state/document/split-step.ts';

const BYTES = 65_536;

const tiles = (layerId: string, count: number, data?: Uint8Array): Change => ({
  type: 'tiles',
  layerId,
  tiles: Array.from({ length: count }, (_, x) => ({ x, y: 0, data: data ?? new Uint8Array(BYTES).fill(x) })),
});
const name = (text: string): Change => ({ type: 'layer-props', layerId: 'a', props: { name: text } });

/** A step as one flat list, a tile at a time. */
const flat = (changes: readonly Change[]): unknown[] =>
  changes.flatMap((change): unknown[] =>
    isPixelChange(change)
      ? change.tiles.map((tile) => [change.type, change.layerId, tile.x, tile.y, tile.data?.[0]])
      : [change],
  );

test('an ordinary step is one part', () => {
  const step = [name('b'), tiles('a', 3)];
  expect(splitStep(step)).toEqual([step]);
  expect(splitStep([])).toEqual([[]]);
});

test('a large step is split in order, no part much beyond its bytes', () => {
  const step = [
    name('b'),
    tiles('a', 25),
    name('c'),
    tiles('d', 7),
    { type: 'note', key: 'aids', bytes: new Uint8Array(9) } as const,
  ];
  const parts = splitStep(step, 4 * BYTES);
  expect(parts.length).toBe(9);
  expect(flat(parts.flat())).toEqual(flat(step));
  for (const part of parts) expect(flat(part).filter(Array.isArray).length).toBeLessThanOrEqual(4);
});

test('an array that repeats counts once, and again in the next part', () => {
  expect(splitStep([tiles('a', 3000, new Uint8Array(BYTES))], 4 * BYTES)).toHaveLength(1);
});

test('no change has more tiles, and no part more changes, than the contract allows', () => {
  const many = splitStep([tiles('a', 9000, new Uint8Array(1))]);
  expect(many.flat().map((change) => (isPixelChange(change) ? change.tiles.length : 0))).toEqual([
    4096, 4096, 808,
  ]);
  const names = splitStep(Array.from({ length: 5000 }, (_, i) => name(String(i))));
  expect(names.map(({ length }) => length)).toEqual([2048, 2048, 904]);
});
