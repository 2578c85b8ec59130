import { blendModeIndex } from '../layers/blend-mode.ts';
import type { LayerPlane } from '../layers/layer.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import type { PlanMask } from './mask-block.ts';
import { listOf, type PlanItem, type PlanList } from './plan.ts';

const DISSOLVE = blendModeIndex('dissolve');

const numbers = new WeakMap<StoredTile, number>();
let last = 0;

function numberOf(tile: StoredTile): number {
  const known = numbers.get(tile);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(tile, last);
  return last;
}

/**
 * Collects which tiles go into the composite of one place.
 * @param tiles receives a number for each array of pixels, 0 where there is none.
 * @returns false when the composite depends on the place itself, or on pixels that may still change.
 */
export function gatherTiles({ items }: PlanList, tx: number, ty: number, tiles: number[]): boolean {
  return items.every((item) => gatherItem(item, tx, ty, tiles));
}

function gatherItem(item: PlanItem, tx: number, ty: number, tiles: number[]): boolean {
  const { node, mode, mask, clips } = item;
  // Dissolve's noise belongs to the pixel's place.
  if (mode === DISSOLVE) return false;
  if (node.kind === 'fill' && node.fill.type !== 'solid') return false;
  if (node.kind === 'pixels' && !gatherPlane(node.layer.pixels, tx, ty, tiles)) return false;
  if (mask && !gatherMask(mask, tx, ty, tiles)) return false;
  const list = listOf(node);
  if (list && !gatherTiles(list, tx, ty, tiles)) return false;
  return clips.every((clip) => gatherItem(clip, tx, ty, tiles));
}

/** A soft mask depends on what lies around, so it is told only where it is the outside value. */
function gatherMask({ layer, settings, canvas }: PlanMask, tx: number, ty: number, tiles: number[]): boolean {
  if (settings.feather === 0) return gatherPlane(layer.mask, tx, ty, tiles);
  if (layer.maskTile(tx, ty, canvas)) return false;
  tiles.push(0);
  return true;
}

function gatherPlane(plane: LayerPlane, tx: number, ty: number, tiles: number[]): boolean {
  if (plane.overlay?.get(tx, ty)) return false;
  const tile = plane.tiles.storedAt(tx, ty);
  tiles.push(tile ? numberOf(tile) : 0);
  return true;
}
