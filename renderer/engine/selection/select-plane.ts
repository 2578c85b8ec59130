import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { Layer, PlaneName } from '../layers/layer.ts';
import { TILE_SIZE, tileRange, tileRect, tileSamples } from '../tiles/tile.ts';
import { SelectionMask } from './selection-mask.ts';

/**
 * What a layer holds, as a selection within the canvas: the alpha of its pixels, or the values of its mask; unfinished
 * strokes count.
 */
export function selectPlane(layer: Layer, plane: PlaneName, canvas: Rect): SelectionMask {
  const source = layer.plane(plane);
  const { format } = source;
  const outside = plane === 'mask' ? Math.round((layer.maskOutside / format.maximum) * 255) : 0;
  const bounds = outside > 0 ? canvas : intersectRect(canvas, boundsOf(layer, plane));
  if (isEmptyRect(bounds)) return SelectionMask.none;
  const data = new Uint8Array(bounds.width * bounds.height).fill(outside);
  const factor = 255 / format.maximum;
  const alpha = format.channels - 1;
  const range = tileRange(bounds);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = source.get(tx, ty);
      if (!tile) continue;
      const samples = tileSamples(tile, format);
      const part = intersectRect(bounds, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        let from = ((y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE) * format.channels + alpha;
        let to = (y - bounds.y) * bounds.width + part.x - bounds.x;
        for (let x = 0; x < part.width; x++, from += format.channels)
          data[to++] = Math.round((samples[from] as number) * factor);
      }
    }
  }
  return new SelectionMask(bounds, data);
}

function boundsOf(layer: Layer, plane: PlaneName): Rect {
  const { tiles, overlay } = layer.plane(plane);
  return unionRect(tiles.bounds(), overlay?.bounds ?? EMPTY_RECT);
}
