import { EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import type { StoredTile } from './stored-tile.ts';
import type { TileMap } from './tile-map.ts';
import { type PixelFormat, TILE_SIZE, tileSamples } from './tile.ts';

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly stored: StoredTile;
}

/** Of each tile, what is not transparent; tiles are immutable. */
const known = new WeakMap<StoredTile, Rect>();

function usedOf(tile: StoredTile, format: PixelFormat): Rect {
  const kept = known.get(tile);
  if (kept) return kept;
  const samples = tileSamples(tile.peek(), format);
  const seen = (x: number, y: number): boolean => samples[(y * TILE_SIZE + x) * 4 + 3] !== 0;
  let [left, top, right, bottom] = [TILE_SIZE, 0, 0, TILE_SIZE];
  const isEmptyRow = (y: number): boolean => {
    for (let x = 0; x < TILE_SIZE; x++) if (seen(x, y)) return false;
    return true;
  };
  while (top < TILE_SIZE && isEmptyRow(top)) top++;
  while (bottom > top && isEmptyRow(bottom - 1)) bottom--;
  // Of each row only what could widen the rectangle is looked at: a full tile costs its edges.
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < left; x++) if (seen(x, y)) left = x;
    for (let x = TILE_SIZE - 1; x >= right; x--) if (seen(x, y)) right = x + 1;
  }
  const used = right === 0 ? EMPTY_RECT : { x: left, y: top, width: right - left, height: bottom - top };
  known.set(tile, used);
  return used;
}

/** The smallest rectangle that holds every pixel of a layer that is not transparent; empty when all are. */
export function usedBounds(tiles: TileMap): Rect {
  const all = [...tiles.entries()];
  /** The outermost place, looked for from the outermost tiles inwards: the inner ones are not read. */
  const edge = (place: (tile: Tile) => number, end: (tile: Tile, used: Rect) => number): number | null => {
    let best: number | null = null;
    let at: number | null = null;
    for (const tile of all.toSorted((a, b) => place(a) - place(b))) {
      if (best !== null && place(tile) !== at) break;
      const used = usedOf(tile.stored, tiles.format);
      if (used.width === 0) continue;
      at = place(tile);
      const found = end(tile, used);
      best = best === null ? found : Math.min(best, found);
    }
    return best;
  };
  const left = edge(
    ({ x }) => x,
    ({ x }, used) => x * TILE_SIZE + used.x,
  );
  const top = edge(
    ({ y }) => y,
    ({ y }, used) => y * TILE_SIZE + used.y,
  );
  const right = edge(
    ({ x }) => -x,
    ({ x }, used) => -(x * TILE_SIZE + used.x + used.width),
  );
  const bottom = edge(
    ({ y }) => -y,
    ({ y }, used) => -(y * TILE_SIZE + used.y + used.height),
  );
  if (left === null || top === null || right === null || bottom === null) return EMPTY_RECT;
  return { x: left, y: top, width: -right - left, height: -bottom - top };
}
