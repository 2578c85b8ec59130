import { EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileWords } from './tile.ts';

const transparent = new Uint32Array(TILE_SIZE * TILE_SIZE);

/**
 * The smallest rectangle, in pixels within the tile, outside which two tiles are equal; empty when they are equal.
 * Null is a transparent tile.
 */
export function tileDifference(before: Uint8Array | null, after: Uint8Array | null): Rect {
  if (before === after) return EMPTY_RECT;
  const a = before ? tileWords(before) : transparent;
  const b = after ? tileWords(after) : transparent;
  const count = TILE_SIZE * TILE_SIZE;
  let first = 0;
  while (first < count && a[first] === b[first]) first++;
  if (first === count) return EMPTY_RECT;
  let last = count - 1;
  while (a[last] === b[last]) last--;
  const top = Math.floor(first / TILE_SIZE);
  const bottom = Math.floor(last / TILE_SIZE);
  let left = TILE_SIZE;
  let right = -1;
  for (let y = top; y <= bottom; y++) {
    const row = y * TILE_SIZE;
    for (let x = 0; x < left; x++) if (a[row + x] !== b[row + x]) left = x;
    for (let x = TILE_SIZE - 1; x > right; x--) if (a[row + x] !== b[row + x]) right = x;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
