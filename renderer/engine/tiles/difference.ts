import { EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import { RGBA8, TILE_SIZE, tileSamples, tileWords, type PixelFormat } from './tile.ts';

/** The smallest unit that is compared: a pixel, or as much of one as fits 32 bits. */
type Units = Uint32Array | Uint16Array | Uint8Array;

const empties = new Map<PixelFormat, Units>();

function units(data: Uint8Array | null, format: PixelFormat, empty: number): Units {
  if (data) return format.channels === 4 ? tileWords(data) : tileSamples(data, format);
  const kept = empties.get(format);
  if (kept && kept[0] === empty) return kept;
  const made = units(new Uint8Array(format.tileBytes), format, 0).fill(empty);
  empties.set(format, made);
  return made;
}

/**
 * The smallest rectangle, in pixels within the tile, outside which two tiles are equal; empty when they are equal.
 * Null is a tile of which every channel is `empty`: transparent, unless told.
 */
export function tileDifference(
  before: Uint8Array | null,
  after: Uint8Array | null,
  format: PixelFormat = RGBA8,
  empty = 0,
): Rect {
  if (before === after) return EMPTY_RECT;
  const a = units(before, format, empty);
  const b = units(after, format, empty);
  const count = a.length;
  let first = 0;
  while (first < count && a[first] === b[first]) first++;
  if (first === count) return EMPTY_RECT;
  let last = count - 1;
  while (a[last] === b[last]) last--;
  const rowUnits = count / TILE_SIZE;
  const top = Math.floor(first / rowUnits);
  const bottom = Math.floor(last / rowUnits);
  let left = rowUnits;
  let right = -1;
  for (let y = top; y <= bottom; y++) {
    const row = y * rowUnits;
    for (let x = 0; x < left; x++) if (a[row + x] !== b[row + x]) left = x;
    for (let x = rowUnits - 1; x > right; x--) if (a[row + x] !== b[row + x]) right = x;
  }
  const perPixel = rowUnits / TILE_SIZE;
  left = Math.floor(left / perPixel);
  right = Math.floor(right / perPixel);
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
