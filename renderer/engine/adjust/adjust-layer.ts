import type { SelectionSource } from '../brush/stroke-in-progress.ts';
import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { isEmptyRect } from '../geometry/rect.ts';
import { paintableLayer } from '../layers/paintable-layer.ts';
import { tileDifference } from '../tiles/difference.ts';
import type { TileChange } from '../tiles/tile.ts';
import type { Adjustment } from './adjustments.ts';

/**
 * Applies an adjustment to a layer's pixels, where they are selected and by as much.
 * @param selection null for everywhere.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function adjustChanges(
  document: PaintDocument,
  layerId: string,
  adjustment: Adjustment,
  selection: SelectionSource | null,
): Change[] {
  const layer = paintableLayer(document, layerId);
  const tiles: TileChange[] = [];
  for (const { x, y, data } of layer.tiles.entries()) {
    const selected = selection ? selection.get(x, y) : null;
    if (selected === undefined) continue;
    const after = adjusted(data, adjustment, selected);
    if (!isEmptyRect(tileDifference(data, after))) tiles.push({ x, y, data: after });
  }
  return tiles.length > 0 ? [{ type: 'tiles', layerId, tiles }] : [];
}

function adjusted(before: Uint8Array, adjustment: Adjustment, selected: Uint8Array | null): Uint8Array {
  const after = Uint8Array.from(before);
  for (let i = 0; i < after.length; i += 4) {
    const share = selected ? (selected[i >> 2] as number) / 255 : 1;
    if (after[i + 3] === 0 || share === 0) continue;
    adjustment(after, i);
    if (share === 1) continue;
    for (let k = i; k < i + 3; k++) {
      after[k] = Math.round((before[k] as number) + ((after[k] as number) - (before[k] as number)) * share);
    }
  }
  return after;
}
