import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { grownRect, intersectRect, isEmptyRect } from '../geometry/rect.ts';
import { paintableLayer } from '../layers/paintable-layer.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { tileDifference } from '../tiles/difference.ts';
import { readDeepRegion, writeRegion, type RegionPixels } from '../tiles/region.ts';
import { usedBounds } from '../tiles/used-bounds.ts';
import { applyFilter, filterReach, filterSpreads, type FilterSettings } from './filters.ts';

function premultiplied(pixels: RegionPixels, maximum: number): Float32Array {
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = (pixels[i + 3] as number) / maximum;
    for (let k = 0; k < 3; k++) out[i + k] = ((pixels[i + k] as number) / maximum) * alpha;
    out[i + 3] = alpha;
  }
  return out;
}

/**
 * Filters a layer's pixels, where they are selected and by as much. Locked transparency stays.
 * @param selection null for everywhere.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function filterChanges(
  document: PaintDocument,
  layerId: string,
  settings: FilterSettings,
  selection: SelectionMask | null,
): Change[] {
  const layer = paintableLayer(document, layerId);
  const { format } = layer;
  const used = usedBounds(layer.tiles);
  if (isEmptyRect(used)) return [];
  const reach = filterReach(settings);
  const touched = filterSpreads(settings) ? grownRect(used, reach) : used;
  const region = selection ? intersectRect(touched, selection.bounds()) : touched;
  if (isEmptyRect(region)) return [];
  const around = grownRect(region, reach);
  const filtered = premultiplied(readDeepRegion(layer.tiles, around), format.maximum);
  applyFilter(filtered, around, settings);
  const pixels = readDeepRegion(layer.tiles, region);
  const selected = selection?.read(region);
  const { maximum } = format;
  for (let y = 0; y < region.height; y++) {
    for (let x = 0; x < region.width; x++) {
      const at = (y * region.width + x) * 4;
      const share = selected ? (selected[at >> 2] as number) / 255 : 1;
      if (share === 0) continue;
      const from = ((y + region.y - around.y) * around.width + x + region.x - around.x) * 4;
      mix(pixels, at, filtered, from, share, layer.record.alphaLocked, maximum);
    }
  }
  const tiles = writeRegion(layer.tiles, region, pixels).filter(
    ({ x, y, data }) => !isEmptyRect(tileDifference(layer.tiles.get(x, y) ?? null, data, format)),
  );
  return tiles.length > 0 ? [{ type: 'tiles', layerId, tiles }] : [];
}

/** Puts a share of a filtered premultiplied pixel into a straight one. */
function mix(
  pixels: RegionPixels,
  at: number,
  filtered: Float32Array,
  from: number,
  share: number,
  alphaLocked: boolean,
  maximum: number,
): void {
  const before = (pixels[at + 3] as number) / maximum;
  const after = filtered[from + 3] as number;
  const alpha = before + (after - before) * share;
  if (alpha * maximum < 0.5) {
    if (!alphaLocked) for (let k = 0; k < 4; k++) pixels[at + k] = 0;
    return;
  }
  for (let k = 0; k < 3; k++) {
    const old = ((pixels[at + k] as number) / maximum) * before;
    const value = (old + ((filtered[from + k] as number) - old) * share) / alpha;
    pixels[at + k] = Math.round(Math.min(1, Math.max(0, value)) * maximum);
  }
  if (!alphaLocked) pixels[at + 3] = Math.round(Math.min(1, alpha) * maximum);
}
