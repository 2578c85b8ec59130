import { expect, test } from 'vitest';
import { EngineError } from '../../../../../renderer/engine/error.ts';
import { readRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { StoredTile } from '../../../../../renderer/engine/tiles/stored-tile.ts';
import { RGBA8 } from '../../../../../renderer/engine/tiles/tile.ts';
import { TileMap } from '../../../../../renderer/engine/tiles/tile-map.ts';

/** A file that tiles are read from at once; tile n has the value n, and number 999 is damaged. */
function shelf() {
  const asked: number[][] = [];
  return {
    asked,
    want: () => undefined,
    readNow(hashes: readonly string[]): Uint8Array[] {
      const numbers = hashes.map(Number);
      asked.push(numbers);
      if (numbers.includes(999)) throw new EngineError('pixels-away', 'damaged');
      return numbers.map((number) => new Uint8Array(RGBA8.tileBytes).fill(number % 251));
    },
    get brought(): number {
      return asked.flat().length;
    },
  };
}

/** A layer of so many tiles whose pixels are all away. */
function away(from: ReturnType<typeof shelf>, columns: number, rows: number, first = 0): TileMap {
  const tiles = new TileMap();
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      tiles.putAway(x, y, StoredTile.away(from, String(first + y * columns + x), RGBA8));
  return tiles;
}

test('whoever reads a band of absent tiles asks for runs of them, and gets each once', () => {
  const file = shelf();
  const tiles = away(file, 16, 16);
  const pixels = readRegion(tiles, { x: 0, y: 0, width: 16 * 256, height: 16 * 256 });
  expect(file.brought).toBe(256);
  // One by one there would be 256.
  expect(file.asked.length).toBeLessThanOrEqual(24);
  for (let number = 0; number < 256; number++) {
    const at = (Math.floor(number / 16) * 256 * 16 * 256 + (number % 16) * 256) * 4;
    expect(pixels[at]).toBe(number % 251);
  }
  const listed = shelf();
  const values = [...away(listed, 16, 16).entries()].map(({ data }) => data[0]);
  expect(values).toEqual(Array.from({ length: 256 }, (_, number) => number % 251));
  expect([listed.brought, listed.asked.length]).toEqual([256, 8]);
});

test('a look here and there brings one tile, and what is in memory is not brought again', () => {
  const file = shelf();
  const tiles = away(file, 40, 40);
  for (const [x, y] of [
    [3, 3],
    [20, 9],
    [3, 30],
    [11, 2],
  ] as const)
    expect(tiles.get(x, y)?.[0]).toBe((y * 40 + x) % 251);
  expect(file.asked.map((hashes) => hashes.length)).toEqual([1, 1, 1, 1]);
  tiles.get(3, 3);
  expect(file.brought).toBe(4);
  // Gaps in a layer are no end of a row.
  const sparse = new TileMap();
  for (let x = 0; x < 60; x += 2) sparse.putAway(x, 0, StoredTile.away(file, String(x), RGBA8));
  const before = file.asked.length;
  for (let x = 0; x < 60; x++) sparse.get(x, 0);
  expect(file.asked.length - before).toBeLessThanOrEqual(8);
});

test('a damaged tile keeps none of its neighbours away', () => {
  const file = shelf();
  const tiles = away(file, 12, 1, 990);
  for (let x = 0; x < 12; x++) {
    if (x === 9) expect(() => tiles.get(x, 0)).toThrow('damaged');
    else expect(tiles.get(x, 0)?.[0]).toBe((990 + x) % 251);
  }
});

test('many layers that are read side by side, more than are held, are not brought over and over', () => {
  const file = shelf();
  // Runs of 32 of all of them would be 320 MiB; 128 are held.
  const layers = Array.from({ length: 40 }, (_, i) => away(file, 64, 2, 1000 + i * 128));
  for (let y = 0; y < 2; y++) for (let x = 0; x < 64; x++) for (const layer of layers) layer.get(x, y);
  const needed = 40 * 128;
  expect(file.brought).toBeLessThan(needed * 2);
  expect(file.asked.length).toBeLessThan(needed / 2);
});
