import type { BrushColour } from '../brush/brush.ts';
import { resolveStroke } from '../brush/resolve-stroke.ts';
import { pixelChange, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect } from '../geometry/rect.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { tileDifference } from '../tiles/difference.ts';
import { TILE_SIZE, tileRange, tileRect, tileSamples, type TileChange } from '../tiles/tile.ts';
import type { PlaneName } from '../layers/layer.ts';
import { PaintTarget } from '../layers/paint-target.ts';

/**
 * Fills what is selected with one colour, over what is there; alpha is kept where it is locked.
 * @param opacity 0..1.
 * @param plane what of the layer is filled; its own pixels unless told.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`.
 */
export function fillChanges(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask,
  colour: BrushColour,
  opacity: number,
  plane: PlaneName = 'pixels',
): Change[] {
  const target = new PaintTarget(document, layerId, plane);
  const { format, outside } = target;
  const effect = target.alphaLocked ? 'paint-alpha-locked' : 'paint';
  const bounds = intersectRect(mask.bounds(), document.canvas);
  if (isEmptyRect(bounds)) return [];
  const cover = new Float32Array(TILE_SIZE * TILE_SIZE).fill(Math.min(1, Math.max(0, opacity)));
  const tiles: TileChange[] = [];
  /** What an empty tile becomes that is selected evenly, by how much: all of them are one array. */
  const flats = new Map<number, Uint8Array>();
  const range = tileRange(bounds);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const selection = mask.get(tx, ty);
      const before = target.samples(tx, ty);
      if (!selection || (!before && effect !== 'paint')) continue;
      const part = intersectRect(bounds, tileRect(tx, ty));
      const isWhole = part.width === TILE_SIZE && part.height === TILE_SIZE;
      const flat = before || !isWhole ? undefined : mask.uniformIn(part);
      const made = flat === undefined ? undefined : flats.get(flat);
      if (made) {
        tiles.push({ x: tx, y: ty, data: made });
        continue;
      }
      const data = target.copy(tx, ty);
      const after = tileSamples(data, format);
      const place = { format, before, after, outside, left: tx * TILE_SIZE, top: ty * TILE_SIZE };
      resolveStroke(effect, place, cover, selection, colour, part);
      const same = isEmptyRect(tileDifference(target.tiles.get(tx, ty) ?? null, data, format, outside));
      if (same) continue;
      tiles.push({ x: tx, y: ty, data });
      if (flat !== undefined) flats.set(flat, data);
    }
  }
  return tiles.length > 0 ? [pixelChange(plane, layerId, tiles)] : [];
}
