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
  /** Bytes by which it takes more than all that it may: of tiles that lie on no shelf yet. */
  readonly beyond: number;
  /** Tiles that are to be packed, a millisecond or two each; the last one first. */
  readonly toPack: StoredTile[];
}

/**
 * Lets the tiles that were not looked at for longest leave the memory, where they lie on a shelf, until all take no more than
 * a budget, and finds those that are to be packed.
 */
export function keepWithin(maps: Iterable<TileMap>, budget: TileBudget): Keeping {
  const held = new Set<StoredTile>();
  let bytes = 0;
  let unpacked = 0;
  for (const map of maps) {
    for (const tile of map.stored()) {
      if (!tile.isHere || held.has(tile)) continue;
      held.add(tile);
      bytes += tile.bytes;
      if (tile.canPack) unpacked += tile.bytes;
    }
  }
  const { all = Infinity } = budget;
  if (bytes <= all && unpacked <= budget.unpacked) return { beyond: 0, toPack: [] };
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
  const toPack: StoredTile[] = [];
  for (const tile of unpacked > budget.unpacked ? oldest : []) {
    if (unpacked <= budget.unpacked * SLACK) break;
    if (!tile.canPack) continue;
    toPack.push(tile);
    unpacked -= tile.bytes;
  }
  return { beyond: Math.max(0, bytes - all), toPack: toPack.reverse() };
}

/**
 * Packs tiles, from the end of the list.
 * @param stop asked before each; true ends it.
 * @returns true when none is left.
 */
export function packAll(tiles: StoredTile[], stop: () => boolean = () => false): boolean {
  for (let tile = tiles.at(-1); tile; tile = tiles.at(-1)) {
    if (stop()) return false;
    tile.pack();
    tiles.pop();
  }
  return true;
}
