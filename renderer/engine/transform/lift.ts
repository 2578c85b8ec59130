import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { changeableLayer, paintableLayer } from '../layers/paintable-layer.ts';
import type { Layer, PlaneName } from '../layers/layer.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { readDeepRegion, type RegionPixels } from '../tiles/region.ts';
import { TileMap } from '../tiles/tile-map.ts';
import { cutPixels, tightBounds } from '../tiles/trim.ts';
import { tileSamples, TILE_SIZE } from '../tiles/tile.ts';

/** Pixels taken up from a layer or from its mask, to be put down elsewhere, and what is left without them. */
export interface Lifted {
  readonly layerId: string;
  readonly plane: PlaneName;
  /**
   * RGBA straight of `rect`: as deep as the layer; of a mask always 16 bits, its values in every colour and its alpha what of
   * it was taken up.
   */
  readonly pixels: RegionPixels;
  readonly rect: Rect;
  /** The plane's tiles without what was taken up. */
  readonly rest: TileMap;
  /** Value, as stored, where the plane has no tile. */
  readonly outside: number;
}

/** The rest of a layer where part of each selected pixel is taken away: its alpha times what is not selected. */
function restOf(layer: Layer, mask: SelectionMask | null): TileMap {
  const rest = new TileMap(layer.format);
  if (!mask) return rest;
  for (const { x: tx, y: ty, data } of layer.tiles.entries()) {
    const selection = mask.get(tx, ty);
    if (!selection) {
      rest.replace(tx, ty, data);
      continue;
    }
    const kept = Uint8Array.from(data);
    const samples = tileSamples(kept, layer.format);
    let any = false;
    for (let i = 0; i < TILE_SIZE * TILE_SIZE; i++) {
      const alpha = Math.round(((samples[i * 4 + 3] as number) * (255 - (selection[i] as number))) / 255);
      samples[i * 4 + 3] = alpha;
      if (alpha === 0) samples.fill(0, i * 4, i * 4 + 3);
      else any = true;
    }
    if (any) rest.replace(tx, ty, kept);
  }
  return rest;
}

/**
 * Takes up a layer's pixels, or the selected part of them.
 * @returns null when there is nothing to take up.
 * @throws EngineError as `changeableLayer`; a part of text is refused as `paintableLayer` does.
 */
export function liftPixels(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask | null,
): Lifted | null {
  const layer = mask ? paintableLayer(document, layerId) : changeableLayer(document, layerId);
  const reach = layer.tiles.bounds();
  const region = mask ? intersectRect(reach, mask.bounds()) : reach;
  if (isEmptyRect(region)) return null;
  const pixels = readDeepRegion(layer.tiles, region);
  if (mask) {
    const selected = mask.read(region);
    for (let i = 0; i < selected.length; i++)
      pixels[i * 4 + 3] = Math.round(((pixels[i * 4 + 3] as number) * (selected[i] as number)) / 255);
  }
  const rect = tightBounds(pixels, region);
  if (isEmptyRect(rect)) return null;
  return {
    layerId,
    plane: 'pixels',
    pixels: cutPixels(pixels, region, rect),
    rect,
    rest: restOf(layer, mask),
    outside: 0,
  };
}
