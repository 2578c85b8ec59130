import { grownRect } from '../geometry/rect.ts';
import type { LayerPlane } from '../layers/layer.ts';
import { featherReach } from '../mask/soft-mask.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import { tileRange, tileRect } from '../tiles/tile.ts';
import type { PlanMask } from './mask-block.ts';
import { listOf, type PlanItem, type PlanList } from './plan.ts';

/** Every stored tile that the composite of one place is made of; a stroke's own, which are in memory, are left out. */
export function* neededTiles({ items }: PlanList, tx: number, ty: number): Generator<StoredTile> {
  for (const item of items) yield* ofItem(item, tx, ty);
}

function* ofItem({ node, mask, clips }: PlanItem, tx: number, ty: number): Generator<StoredTile> {
  if (node.kind === 'pixels') yield* ofPlane(node.layer.pixels, tx, ty);
  if (mask) yield* ofMask(mask, tx, ty);
  const list = listOf(node);
  if (list) yield* neededTiles(list, tx, ty);
  for (const clip of clips) yield* ofItem(clip, tx, ty);
}

/** A soft mask is made of what lies around. */
function* ofMask({ layer, settings }: PlanMask, tx: number, ty: number): Generator<StoredTile> {
  const range = tileRange(grownRect(tileRect(tx, ty), featherReach(settings.feather)));
  for (let y = range.y0; y < range.y1; y++)
    for (let x = range.x0; x < range.x1; x++) yield* ofPlane(layer.mask, x, y);
}

function* ofPlane({ overlay, tiles }: LayerPlane, tx: number, ty: number): Generator<StoredTile> {
  if (overlay?.get(tx, ty)) return;
  const tile = tiles.storedAt(tx, ty);
  if (tile) yield tile;
}
