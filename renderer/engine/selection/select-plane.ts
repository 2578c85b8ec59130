import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { Layer, PlaneName } from '../layers/layer.ts';
import { TILE_SIZE, tileSamples } from '../tiles/tile.ts';
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
  const factor = 255 / format.maximum;
  const alpha = format.channels - 1;
  return SelectionMask.ofTiles(bounds, (part, tx, ty) => {
    const tile = source.get(tx, ty);
    if (!tile) return outside;
    const samples = tileSamples(tile, format);
    const data = new Uint8Array(part.width * part.height);
    let to = 0;
    for (let y = part.y; y < part.y + part.height; y++) {
      let from = ((y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE) * format.channels + alpha;
      for (let x = 0; x < part.width; x++, from += format.channels)
        data[to++] = Math.round((samples[from] as number) * factor);
    }
    return data;
  });
}

function boundsOf(layer: Layer, plane: PlaneName): Rect {
  const { tiles, overlay } = layer.plane(plane);
  return unionRect(tiles.bounds(), overlay?.bounds ?? EMPTY_RECT);
}
