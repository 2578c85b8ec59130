import type { BrushColour } from '../brush/brush.ts';
import { resolveStroke } from '../brush/resolve-stroke.ts';
import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect } from '../geometry/rect.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { tileDifference } from '../tiles/difference.ts';
import { RGBA8, TILE_SIZE, tileRange, tileRect, type TileChange } from '../tiles/tile.ts';
import { paintableLayer } from '../layers/paintable-layer.ts';

/**
 * Fills what is selected with one colour, over what is there; alpha is kept where it is locked.
 * @param opacity 0..1.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function fillChanges(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask,
  colour: BrushColour,
  opacity: number,
): Change[] {
  const layer = paintableLayer(document, layerId);
  const effect = layer.record.alphaLocked ? 'paint-alpha-locked' : 'paint';
  const bounds = intersectRect(mask.bounds(), document.canvas);
  if (isEmptyRect(bounds)) return [];
  const cover = new Float32Array(TILE_SIZE * TILE_SIZE).fill(Math.min(1, Math.max(0, opacity)));
  const tiles: TileChange[] = [];
  const range = tileRange(bounds);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const selection = mask.get(tx, ty);
      const before = layer.tiles.get(tx, ty);
      if (!selection || (!before && effect !== 'paint')) continue;
      const after = before ? Uint8Array.from(before) : new Uint8Array(RGBA8.tileBytes);
      const target = { before, after, left: tx * TILE_SIZE, top: ty * TILE_SIZE };
      resolveStroke(effect, target, cover, selection, colour, intersectRect(bounds, tileRect(tx, ty)));
      if (!isEmptyRect(tileDifference(before ?? null, after))) tiles.push({ x: tx, y: ty, data: after });
    }
  }
  return tiles.length > 0 ? [{ type: 'tiles', layerId, tiles }] : [];
}
