import type { StoredTile } from './stored-tile.ts';
import type { TileMap } from './tile-map.ts';

/** Share of a budget that is left after packing, so that the next look does not begin it anew. */
const SLACK = 0.9;

/**
 * Packs the tiles that were not looked at for longest until all take no more than a budget.
 * @param budget in bytes: of pixels, and of what others are packed to where both are held.
 * @param stop asked before each tile is packed (a millisecond or two); true ends it.
 * @returns true when there is nothing left to be done.
 */
export function keepWithin(maps: Iterable<TileMap>, budget: number, stop: () => boolean): boolean {
  const held = new Set<StoredTile>();
  let bytes = 0;
  for (const map of maps) {
    for (const tile of map.stored()) {
      if (!tile.canPack || held.has(tile)) continue;
      held.add(tile);
      bytes += tile.bytes;
    }
  }
  if (bytes <= budget) return true;
  for (const tile of [...held].sort((a, b) => a.looked - b.looked)) {
    if (bytes <= budget * SLACK) break;
    if (stop()) return false;
    bytes -= tile.bytes;
    tile.pack();
  }
  return true;
}
