import type { Rect } from '../geometry/rect.ts';
import { TILE_SIZE } from '../tiles/tile.ts';

/** From this share of a stroke's full cover on, paint thins towards its middle. */
const RIM = 0.35;
/** Share of the cover that a whole wet edge takes from where a stroke is fullest. */
const MOST_TAKEN = 0.75;

/**
 * What is left of a cover where water carries pigment to the edge: it is kept where a stroke is thin, as at its rim, and
 * thins where it is full.
 *
 * @param cover 0..1
 * @param full the most that the stroke covers, above 0..1.
 * @param amount 0 leaves it as it is, 1 is the darkest rim.
 */
export function wetCover(cover: number, full: number, amount: number): number {
  const t = Math.min(1, Math.max(0, (cover / full - RIM) / (1 - RIM)));
  return cover * (1 - amount * MOST_TAKEN * t * t * (3 - 2 * t));
}

/** Writes {@link wetCover} over a rectangle of one tile. @param rect in the tile's own pixels. */
export function wetTile(
  cover: Float32Array,
  out: Float32Array,
  { x, y, width, height }: Rect,
  full: number,
  amount: number,
): void {
  for (let row = y; row < y + height; row++) {
    const start = row * TILE_SIZE + x;
    for (let at = start; at < start + width; at++) out[at] = wetCover(cover[at] as number, full, amount);
  }
}
