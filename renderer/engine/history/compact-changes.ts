import type { Change } from '../changes.ts';
import { tileKey, tileKeyX, tileKeyY } from '../tiles/tile.ts';

/**
 * Merges neighbouring `tiles` changes of the same layer into one that writes each tile once, so that a step made of
 * many writes to one tile holds its pixels once. The end state is the same.
 */
export function compactChanges(changes: readonly Change[]): Change[] {
  const out: Change[] = [];
  let layerId: string | null = null;
  const tiles = new Map<number, Uint8Array | null>();
  const close = (): void => {
    if (layerId !== null && tiles.size > 0) {
      const merged = [...tiles].map(([key, data]) => ({ x: tileKeyX(key), y: tileKeyY(key), data }));
      out.push({ type: 'tiles', layerId, tiles: merged });
    }
    layerId = null;
    tiles.clear();
  };
  for (const change of changes) {
    if (change.type !== 'tiles') {
      close();
      out.push(change);
      continue;
    }
    if (layerId !== change.layerId) close();
    layerId = change.layerId;
    for (const { x, y, data } of change.tiles) tiles.set(tileKey(x, y), data);
  }
  close();
  return out;
}
