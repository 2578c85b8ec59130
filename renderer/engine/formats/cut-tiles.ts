import { intersectRect, type Rect } from '../geometry/rect.ts';
import { type PixelFormat, TILE_SIZE, tileRange, tileRect, tileSamples } from '../tiles/tile.ts';

/** Values of a rectangle, row by row: as many a pixel as its format has channels. */
export interface Block extends Rect {
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Cuts a rectangle of pixels into tiles.
 * @param outside the value of every channel beyond the rectangle.
 * @returns the tiles one by one; those of nothing but the outside value are left out.
 */
export function* cutTiles(
  block: Block,
  format: PixelFormat,
  outside = 0,
): Generator<{
  x: number;
  y: number;
  data: Uint8Array;
}> {
  const { channels } = format;
  const range = tileRange(block);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const data = new Uint8Array(format.tileBytes);
      const samples = tileSamples(data, format);
      if (outside !== 0) samples.fill(outside);
      const part = intersectRect(block, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - block.y) * block.width + (part.x - block.x)) * channels;
        const to = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * channels;
        samples.set(block.data.subarray(from, from + part.width * channels), to);
      }
      if (samples.some((value) => value !== outside)) yield { x: tx, y: ty, data };
    }
  }
}

/** Puts tiles together to the values of a rectangle. @param outside the value where no tile is. */
export function joinTiles(
  tiles: Iterable<{ readonly x: number; readonly y: number; readonly data: Uint8Array }>,
  rect: Rect,
  format: PixelFormat,
  outside = 0,
): Uint8Array | Uint16Array {
  const { channels } = format;
  const length = rect.width * rect.height * channels;
  const out = format.depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  if (outside !== 0) out.fill(outside);
  for (const { x: tx, y: ty, data } of tiles) {
    const part = intersectRect(rect, tileRect(tx, ty));
    const samples = tileSamples(data, format);
    for (let y = part.y; y < part.y + part.height; y++) {
      const from = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * channels;
      out.set(
        samples.subarray(from, from + part.width * channels),
        ((y - rect.y) * rect.width + (part.x - rect.x)) * channels,
      );
    }
  }
  return out;
}
