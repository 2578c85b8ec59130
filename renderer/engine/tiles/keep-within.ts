import type { StoredTile } from './stored-tile.ts';
import type { TileMap } from './tile-map.ts';

/** Share of a budget that is left after packing, so that the next look does not begin it anew. */
const SLACK = 0.9;

/** Bytes that the tiles of a document may take. */
export interface TileBudget {
  /** Of pixels that could be packed, and of what they are packed to where both are held. */
  readonly unpacked: number;
  /** Of all pixels in memory, packed or not; no limit unless told. Only tiles on a shelf can leave. */
  readonly all?: number;
}

/** How a document stands to its budget. */
export interface Keeping {
  /** True when nothing is left to be done that can be. */
  readonly done: boolean;
  /** Bytes by which it takes more than all that it may: of tiles that lie on no shelf yet. */
  readonly beyond: number;
}

/**
 * Lets the tiles that were not looked at for longest leave the memory, where they lie on a shelf, and packs others, until all
 * take no more than a budget.
 * @param stop asked before each tile is packed (a millisecond or two); true ends it.
 */
export function keepWithin(maps: Iterable<TileMap>, budget: TileBudget, stop: () => boolean): Keeping {
  const held = new Set<StoredTile>();
  let bytes = 0;
  for (const map of maps) {
    for (const tile of map.stored()) {
      if (!tile.isHere || held.has(tile)) continue;
      held.add(tile);
      bytes += tile.bytes;
    }
  }
  let unpacked = 0;
  for (const tile of held) if (tile.canPack) unpacked += tile.bytes;
  const { all = Infinity } = budget;
  if (bytes <= all && unpacked <= budget.unpacked) return { done: true, beyond: 0 };
  const oldest = [...held].sort((a, b) => a.looked - b.looked);
  if (bytes > all) {
    for (const tile of oldest) {
      if (bytes <= all * SLACK) break;
      const { bytes: freed, canPack } = tile;
      if (!tile.leave()) continue;
      bytes -= freed;
      if (canPack) unpacked -= freed;
    }
  }
  if (unpacked > budget.unpacked) {
    for (const tile of oldest) {
      if (unpacked <= budget.unpacked * SLACK) break;
      if (!tile.canPack) continue;
      if (stop()) return { done: false, beyond: Math.max(0, bytes - all) };
      const before = tile.bytes;
      tile.pack();
      unpacked -= before;
      bytes += tile.bytes - before;
    }
  }
  return { done: true, beyond: Math.max(0, bytes - all) };
}
