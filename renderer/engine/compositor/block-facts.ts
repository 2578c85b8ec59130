import type { Layer } from '../layers/layer.ts';
import { BLOCKS_PER_TILE, type BlockRegion } from './block.ts';
import type { PlanItem } from './plan.ts';
import { tileFacts } from './tile-facts.ts';

/** Which block of which tile. */
export type BlockPlace = Pick<BlockRegion, 'tx' | 'ty' | 'bx' | 'by'>;

function blockBit({ bx, by }: BlockPlace): number {
  return 1 << (by * BLOCKS_PER_TILE + bx);
}

/** True when nothing below an item is seen through it in a block. */
export function hidesAll({ node, opacity, mode, mask, clips }: PlanItem, place: BlockPlace): boolean {
  if (mode !== 0 || opacity !== 1 || mask || clips.length > 0) return false;
  if (node.kind === 'fill') return node.fill.type === 'solid';
  if (node.kind !== 'pixels' || node.layer.overlay?.get(place.tx, place.ty)) return false;
  const tile = node.layer.tiles.storedAt(place.tx, place.ty);
  return tile !== undefined && (tileFacts(tile, node.layer.format).opaque & blockBit(place)) !== 0;
}

/** False when a layer has nothing in a block. Tiles of a stroke in progress change, so nothing is known of them. */
export function hasPixels(layer: Layer, place: BlockPlace): boolean {
  if (layer.overlay?.get(place.tx, place.ty)) return true;
  const tile = layer.tiles.storedAt(place.tx, place.ty);
  return tile !== undefined && (tileFacts(tile, layer.format).empty & blockBit(place)) === 0;
}
