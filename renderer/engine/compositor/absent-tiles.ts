import type { LayerPlane } from '../layers/layer.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import { listOf, type PlanItem, type PlanList } from './plan.ts';

/** Adds the tiles that the composite of one place needs and that are not in memory. */
export function gatherAbsent({ items }: PlanList, tx: number, ty: number, absent: StoredTile[]): void {
  for (const item of items) gatherItem(item, tx, ty, absent);
}

function gatherItem({ node, mask, clips }: PlanItem, tx: number, ty: number, absent: StoredTile[]): void {
  if (node.kind === 'pixels') gatherPlane(node.layer.pixels, tx, ty, absent);
  if (mask) gatherPlane(mask.layer.mask, tx, ty, absent);
  const list = listOf(node);
  if (list) gatherAbsent(list, tx, ty, absent);
  for (const clip of clips) gatherItem(clip, tx, ty, absent);
}

function gatherPlane({ overlay, tiles }: LayerPlane, tx: number, ty: number, absent: StoredTile[]): void {
  if (overlay?.get(tx, ty)) return;
  const tile = tiles.storedAt(tx, ty);
  if (tile && !tile.isHere) absent.push(tile);
}
