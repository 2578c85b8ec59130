import { expect, it } from 'vitest';
import { TileMap } from '../../../../../renderer/engine/tiles/tile-map.ts';
import { RGBA16, RGBA8, tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';
import { usedBounds } from '../../../../../renderer/engine/tiles/used-bounds.ts';
import { seeded } from '../compositor/random-document.ts';

it.each([RGBA8, RGBA16])('the bounds of random pixels are those that every pixel gives ($id)', (format) => {
  const random = seeded(11);
  for (let round = 0; round < 20; round++) {
    const tiles = new TileMap(format);
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let count = Math.floor(random() * 5); count >= 0; count--) {
      const [tx, ty] = [Math.floor(random() * 4) - 2, Math.floor(random() * 4) - 2];
      const data = new Uint8Array(format.tileBytes);
      const samples = tileSamples(data, format);
      if (tiles.get(tx, ty)) continue;
      for (let dot = Math.floor(random() * 3); dot > 0; dot--) {
        const [x, y] = [Math.floor(random() * 256), Math.floor(random() * 256)];
        samples[(y * 256 + x) * 4 + 3] = 1;
        left = Math.min(left, tx * 256 + x);
        top = Math.min(top, ty * 256 + y);
        right = Math.max(right, tx * 256 + x + 1);
        bottom = Math.max(bottom, ty * 256 + y + 1);
      }
      tiles.replace(tx, ty, data);
    }
    const wanted =
      left === Infinity
        ? { x: 0, y: 0, width: 0, height: 0 }
        : { x: left, y: top, width: right - left, height: bottom - top };
    expect(usedBounds(tiles)).toEqual(wanted);
  }
});
