import { isPixelChange, pixelChange, planeOf, type Change } from '../changes.ts';
import type { PlaneName } from '../layers/layer.ts';
import { tileKey, tileKeyX, tileKeyY } from '../tiles/tile.ts';

/**
 * Merges neighbouring changes of the same layer's pixels into one that writes each tile once, so that a step made of
 * many writes to one tile holds its pixels once. The end state is the same.
 */
export function compactChanges(changes: readonly Change[]): Change[] {
  const out: Change[] = [];
  let open = null as { layerId: string; plane: PlaneName } | null;
  const tiles = new Map<number, Uint8Array | null>();
  const close = (): void => {
    if (open !== null && tiles.size > 0) {
      const merged = [...tiles].map(([key, data]) => ({ x: tileKeyX(key), y: tileKeyY(key), data }));
      out.push(pixelChange(open.plane, open.layerId, merged));
    }
    open = null;
    tiles.clear();
  };
  for (const change of changes) {
    if (!isPixelChange(change)) {
      close();
      out.push(change);
      continue;
    }
    const plane = planeOf(change);
    if (open?.layerId !== change.layerId || open.plane !== plane) close();
    open = { layerId: change.layerId, plane };
    for (const { x, y, data } of change.tiles) tiles.set(tileKey(x, y), data);
  }
  close();
  return out;
}
