import { describe, expect, it } from 'vitest';
import { readRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { tileKey, tileKeyX, tileKeyY } from '../../../../../renderer/engine/tiles/tile.ts';
import { TileMap } from '../../../../../renderer/engine/tiles/tile-map.ts';
import { seeded } from '../compositor/random-document.ts';

const random = seeded(3);
const noise = (width: number, height: number): Uint8Array =>
  Uint8Array.from({ length: width * height * 4 }, () => Math.floor(random() * 256));

function write(
  map: TileMap,
  rect: { x: number; y: number; width: number; height: number },
  pixels: Uint8Array,
): void {
  for (const { x, y, data } of writeRegion(map, rect, pixels)) map.replace(x, y, data);
}

describe('regions of tiles', () => {
  it.each([
    [0, 0, 256, 256],
    [-300, -1, 700, 300],
    [255, 255, 2, 2],
    [1000, -513, 33, 600],
    [5, 5, 0, 0],
  ])('reads back what was written at %i, %i, %i × %i', (x, y, width, height) => {
    const map = new TileMap();
    const rect = { x, y, width, height };
    const pixels = noise(width, height);
    write(map, rect, pixels);
    expect(Buffer.from(readRegion(map, rect)).equals(Buffer.from(pixels))).toBe(true);
  });

  it('keeps what lies around it and leaves the old tile untouched', () => {
    const map = new TileMap();
    const all = { x: 0, y: 0, width: 256, height: 256 };
    const before = noise(256, 256);
    write(map, all, before);
    const old = map.get(0, 0)!;
    write(map, { x: 10, y: 10, width: 3, height: 3 }, new Uint8Array(36).fill(7));
    const after = readRegion(map, all);
    for (let i = 0; i < after.length; i++) {
      const x = (i >> 2) % 256;
      const y = i >> 10;
      const inside = x >= 10 && x < 13 && y >= 10 && y < 13;
      if (after[i] !== (inside ? 7 : before[i])) expect.fail(`byte ${i}`);
    }
    expect(Buffer.from(old).equals(Buffer.from(before))).toBe(true);
  });

  it('has no tile for what is all zero', () => {
    const map = new TileMap();
    expect(writeRegion(map, { x: 0, y: 0, width: 600, height: 10 }, new Uint8Array(24000))).toEqual([]);
    write(map, { x: 0, y: 0, width: 1, height: 1 }, new Uint8Array([1, 2, 3, 4]));
    expect(writeRegion(map, { x: 0, y: 0, width: 1, height: 1 }, new Uint8Array(4))).toEqual([
      { x: 0, y: 0, data: null },
    ]);
  });

  it('refuses sizes that do not fit, before allocating', () => {
    const map = new TileMap();
    const refused = expect.objectContaining({ code: 'invalid-size' });
    expect(() => writeRegion(map, { x: 0, y: 0, width: 2, height: 2 }, new Uint8Array(15))).toThrowError(
      refused,
    );
    expect(() => readRegion(map, { x: 0, y: 0, width: 1e6, height: 1e6 })).toThrowError(refused);
    expect(() => readRegion(map, { x: 0, y: 0.5, width: 1, height: 1 })).toThrowError(refused);
  });
});

describe('tile keys', () => {
  it('give the coordinates back, negative ones too, and differ', () => {
    const seen = new Set<number>();
    for (const x of [-1024, -1, 0, 1, 63, 1024]) {
      for (const y of [-1024, -1, 0, 1, 63, 1024]) {
        const key = tileKey(x, y);
        expect([tileKeyX(key), tileKeyY(key)]).toEqual([x, y]);
        seen.add(key);
      }
    }
    expect(seen.size).toBe(36);
  });

  it('count bounds and bytes', () => {
    const map = new TileMap();
    map.replace(-1, 2, new Uint8Array(262144));
    map.replace(3, 2, new Uint8Array(262144));
    expect(map.bounds()).toEqual({ x: -256, y: 512, width: 1280, height: 256 });
    expect([map.size, map.bytes]).toEqual([2, 524288]);
  });
});
