import { grownRect } from '../geometry/rect.ts';
import type { LayerPlane } from '../layers/layer.ts';
import { featherReach } from '../mask/soft-mask.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import { tileRange, tileRect } from '../tiles/tile.ts';
import type { PlanMask } from './mask-block.ts';
import { listOf, type PlanItem, type PlanList } from './plan.ts';

/** Adds the tiles that the composite of one place needs and that are not in memory. */
export function gatherAbsent({ items }: PlanList, tx: number, ty: number, absent: StoredTile[]): void {
  for (const item of items) gatherItem(item, tx, ty, absent);
}

function gatherItem({ node, mask, clips }: PlanItem, tx: number, ty: number, absent: StoredTile[]): void {
  if (node.kind === 'pixels') gatherPlane(node.layer.pixels, tx, ty, absent);
  if (mask) gatherMask(mask, tx, ty, absent);
  const list = listOf(node);
  if (list) gatherAbsent(list, tx, ty, absent);
  for (const clip of clips) gatherItem(clip, tx, ty, absent);
}

/** A soft mask is made of what lies around. */
function gatherMask({ layer, settings }: PlanMask, tx: number, ty: number, absent: StoredTile[]): void {
  const range = tileRange(grownRect(tileRect(tx, ty), featherReach(settings.feather)));
  for (let y = range.y0; y < range.y1; y++)
    for (let x = range.x0; x < range.x1; x++) gatherPlane(layer.mask, x, y, absent);
}

function gatherPlane({ overlay, tiles }: LayerPlane, tx: number, ty: number, absent: StoredTile[]): void {
  if (overlay?.get(tx, ty)) return;
  const tile = tiles.storedAt(tx, ty);
  if (tile && !tile.isHere) absent.push(tile);
}
