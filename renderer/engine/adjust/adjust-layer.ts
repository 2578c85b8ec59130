import type { SelectionSource } from '../brush/stroke-in-progress.ts';
import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { isEmptyRect } from '../geometry/rect.ts';
import type { AdjustmentSettings } from '../layers/adjustment-settings.ts';
import { paintableLayer } from '../layers/paintable-layer.ts';
import { tileDifference } from '../tiles/difference.ts';
import { TILE_SIZE, tileSamples, type PixelFormat, type TileChange } from '../tiles/tile.ts';
import { compileAdjustment, type ColourAdjuster } from './adjust-colours.ts';

/**
 * Applies an adjustment to a layer's pixels, where they are selected and by as much.
 * @param selection null for everywhere.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function adjustChanges(
  document: PaintDocument,
  layerId: string,
  settings: AdjustmentSettings,
  selection: SelectionSource | null,
): Change[] {
  const layer = paintableLayer(document, layerId);
  const { format } = layer.tiles;
  const adjust = compileAdjustment(settings);
  const tiles: TileChange[] = [];
  for (const { x, y, data } of layer.tiles.entries()) {
    const selected = selection ? selection.get(x, y) : null;
    if (selected === undefined) continue;
    const after = adjusted(data, format, adjust, selected);
    if (!isEmptyRect(tileDifference(data, after, format))) tiles.push({ x, y, data: after });
  }
  return tiles.length > 0 ? [{ type: 'tiles', layerId, tiles }] : [];
}

const row = new Float64Array(TILE_SIZE * 3);

function adjusted(
  before: Uint8Array,
  format: PixelFormat,
  adjust: ColourAdjuster,
  selected: Uint8Array | null,
): Uint8Array {
  const bytes = Uint8Array.from(before);
  const samples = tileSamples(bytes, format);
  const { maximum } = format;
  for (let start = 0; start < samples.length; start += TILE_SIZE * 4) {
    for (let x = 0; x < TILE_SIZE; x++)
      for (let k = 0; k < 3; k++) row[x * 3 + k] = (samples[start + x * 4 + k] as number) / maximum;
    adjust(row, TILE_SIZE);
    for (let x = 0; x < TILE_SIZE; x++) {
      const i = start + x * 4;
      const share = selected ? (selected[i >> 2] as number) / 255 : 1;
      if (share === 0 || samples[i + 3] === 0) continue;
      for (let k = 0; k < 3; k++) {
        const old = samples[i + k] as number;
        samples[i + k] = (old + ((row[x * 3 + k] as number) * maximum - old) * share + 0.5) | 0;
      }
    }
  }
  return bytes;
}
