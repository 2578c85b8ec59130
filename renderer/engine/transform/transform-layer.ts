import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { isEmptyRect } from '../geometry/rect.ts';
import { paintableLayer } from '../layers/paintable-layer.ts';
import { tileDifference } from '../tiles/difference.ts';
import { readDeepRegion, writeRegion } from '../tiles/region.ts';
import { TileMap } from '../tiles/tile-map.ts';
import type { TileChange } from '../tiles/tile.ts';
import type { Affine } from './affine.ts';
import { mappedBounds, resample, type Sampling } from './resample.ts';

/** Longest edge that a layer may reach by a transform. */
const LONGEST = 32768;

/**
 * Moves, turns, scales or shears a layer's pixels. A move by whole pixels keeps every bit.
 * @returns the change, or nothing when no pixel differs.
 * @throws EngineError as `paintableLayer`; `invalid-value` for a map that is not finite; `invalid-size` when the result
 * would be larger than 32,768 pixels along an edge.
 */
export function transformChanges(
  document: PaintDocument,
  layerId: string,
  map: Affine,
  sampling: Sampling,
): Change[] {
  const layer = paintableLayer(document, layerId);
  if (!Object.values(map).every(Number.isFinite))
    throw new EngineError('invalid-value', 'This transform is not a number.');
  const from = layer.tiles.bounds();
  if (isEmptyRect(from)) return [];
  const to = mappedBounds(map, from);
  if (to.width > LONGEST || to.height > LONGEST || Math.max(Math.abs(to.x), Math.abs(to.y)) > 4 * LONGEST) {
    throw new EngineError('invalid-size', `The layer would become ${to.width} × ${to.height} pixels large.`);
  }
  const pixels = readDeepRegion(layer.tiles, from);
  const { a, b, c, d, e, f } = map;
  const shifts = a === 1 && b === 0 && c === 0 && d === 1 && Number.isInteger(e) && Number.isInteger(f);
  const mapped = shifts ? pixels : resample(pixels, from, map, to, sampling);
  const after = new TileMap(layer.format);
  for (const { x, y, data } of writeRegion(after, to, mapped)) after.replace(x, y, data);
  const tiles: TileChange[] = [];
  for (const { x, y, data } of after.entries()) {
    if (!isEmptyRect(tileDifference(layer.tiles.get(x, y) ?? null, data, layer.format)))
      tiles.push({ x, y, data });
  }
  for (const { x, y } of layer.tiles.entries()) if (!after.get(x, y)) tiles.push({ x, y, data: null });
  return tiles.length > 0 ? [{ type: 'tiles', layerId, tiles }] : [];
}
