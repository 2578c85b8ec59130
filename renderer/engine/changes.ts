import type { LayerProps, LayerRecord } from './layers/layer-record.ts';
import type { TileChange } from './tiles/tile.ts';

/**
 * The smallest unit of editing. A transaction is a list of them, applied in order. `index` is the place among the
 * siblings of `parent`, 0 at the bottom, counted without the layer itself.
 */
export type Change =
  | { type: 'layer-add'; layer: LayerRecord; parent: string | null; index: number }
  | { type: 'layer-remove'; layerId: string }
  | { type: 'layer-move'; layerId: string; parent: string | null; index: number }
  | { type: 'layer-props'; layerId: string; props: LayerProps }
  | { type: 'tiles'; layerId: string; tiles: TileChange[] }
  | { type: 'canvas'; width: number; height: number };

const RECORD_BYTES = 256;

/** Bytes that a list of changes keeps alive: pixels exactly, everything else by a flat estimate. */
export function changesBytes(changes: readonly Change[]): number {
  let bytes = 0;
  for (const change of changes) {
    bytes += RECORD_BYTES;
    if (change.type === 'tiles') for (const tile of change.tiles) bytes += tile.data?.byteLength ?? 0;
  }
  return bytes;
}
