import type { TileMap } from '../tiles/tile-map.ts';
import {
  TILE_SIZE,
  tileKey,
  tileKeyX,
  tileKeyY,
  tileSamples,
  type Samples,
  type TileChange,
} from '../tiles/tile.ts';
import type { Affine } from './affine.ts';

/**
 * The tile changes that put every pixel of a plane somewhere else, bit for bit.
 * @param map of pixel corners; quarter turns, mirrors and shifts by whole pixels, so that every number in it is whole.
 * @param outside value of every channel where there is no tile.
 * @returns every tile that is left and every tile that goes away.
 */
export function movePlane(tiles: TileMap, outside: number, map: Affine): TileChange[] {
  const { format } = tiles;
  const { channels } = format;
  // Of a pixel's middle, half a pixel in, back to its corner.
  const e = map.e + (map.a + map.c - 1) / 2;
  const f = map.f + (map.b + map.d - 1) / 2;
  const made = new Map<number, { data: Uint8Array; samples: Samples }>();
  const tileAt = (tx: number, ty: number): Samples => {
    const key = tileKey(tx, ty);
    const known = made.get(key);
    if (known) return known.samples;
    const data = new Uint8Array(format.tileBytes);
    const samples = tileSamples(data, format);
    if (outside > 0) samples.fill(outside);
    made.set(key, { data, samples });
    return samples;
  };
  const rows = map.a === 1 && map.b === 0 && map.c === 0 && map.d === 1;
  for (const { x: tx, y: ty, data } of tiles.entries()) {
    const from = tileSamples(data, format);
    if (rows) {
      shiftRows(from, channels, tx * TILE_SIZE + e, ty * TILE_SIZE + f, tileAt);
      continue;
    }
    let lastX = Number.NaN;
    let lastY = Number.NaN;
    let to: Samples | null = null;
    for (let y = 0; y < TILE_SIZE; y++) {
      for (let x = 0; x < TILE_SIZE; x++) {
        const px = map.a * (tx * TILE_SIZE + x) + map.c * (ty * TILE_SIZE + y) + e;
        const py = map.b * (tx * TILE_SIZE + x) + map.d * (ty * TILE_SIZE + y) + f;
        const cx = Math.floor(px / TILE_SIZE);
        const cy = Math.floor(py / TILE_SIZE);
        if (to === null || cx !== lastX || cy !== lastY) {
          to = tileAt(cx, cy);
          lastX = cx;
          lastY = cy;
        }
        const source = (y * TILE_SIZE + x) * channels;
        const target = ((py - cy * TILE_SIZE) * TILE_SIZE + px - cx * TILE_SIZE) * channels;
        for (let k = 0; k < channels; k++) to[target + k] = from[source + k] as number;
      }
    }
  }
  const changes: TileChange[] = [];
  for (const [key, { data, samples }] of made) {
    const plain = samples.every((value) => value === outside);
    changes.push({ x: tileKeyX(key), y: tileKeyY(key), data: plain ? null : data });
  }
  for (const { x, y } of tiles.entries()) if (!made.has(tileKey(x, y))) changes.push({ x, y, data: null });
  return changes;
}

/** Copies a tile, row by row, to where its first pixel is to lie: into at most four tiles. */
function shiftRows(
  from: Samples,
  channels: number,
  left: number,
  top: number,
  tileAt: (tx: number, ty: number) => Samples,
): void {
  const column = Math.floor(left / TILE_SIZE);
  const inset = left - column * TILE_SIZE;
  for (let y = 0; y < TILE_SIZE; y++) {
    const row = Math.floor((top + y) / TILE_SIZE);
    const source = y * TILE_SIZE * channels;
    const target = (top + y - row * TILE_SIZE) * TILE_SIZE * channels;
    const cut = source + (TILE_SIZE - inset) * channels;
    tileAt(column, row).set(from.subarray(source, cut), target + inset * channels);
    if (inset > 0) tileAt(column + 1, row).set(from.subarray(cut, source + TILE_SIZE * channels), target);
  }
}
