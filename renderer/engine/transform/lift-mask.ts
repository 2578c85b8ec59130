import type { PaintDocument } from '../document.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import type { Layer } from '../layers/layer.ts';
import { changeableLayer } from '../layers/paintable-layer.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { TileMap } from '../tiles/tile-map.ts';
import { tileRange, tileRect, tileSamples, TILE_SIZE, type Samples } from '../tiles/tile.ts';
import type { Lifted } from './lift.ts';

/** As far as a bicubic curve looks, so that a mask's edge is resampled together with its outside. */
const MARGIN = 2;

/** The whole pixels in which a mask differs from its outside, and a margin. */
function boundsOf({ mask: { tiles, format }, maskOutside }: Layer): Rect {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const { x: tx, y: ty, data } of tiles.entries()) {
    const samples = tileSamples(data, format);
    for (let i = 0; i < samples.length; i++) {
      if (samples[i] === maskOutside) continue;
      const x = tx * TILE_SIZE + (i % TILE_SIZE);
      const y = ty * TILE_SIZE + Math.floor(i / TILE_SIZE);
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (right < left) return EMPTY_RECT;
  return {
    x: left - MARGIN,
    y: top - MARGIN,
    width: right - left + 2 * MARGIN,
    height: bottom - top + 2 * MARGIN,
  };
}

/** Mask values of a rectangle as a picture of 16 bits; alpha says how much of each was taken up. */
function maskPicture({ mask, maskOutside }: Layer, rect: Rect, selected: Uint8Array | null): Uint16Array {
  const out = new Uint16Array(rect.width * rect.height * 4);
  const unit = mask.format.depth === 16 ? 1 : 257;
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = mask.tiles.get(tx, ty);
      const samples = tile && tileSamples(tile, mask.format);
      const part = intersectRect(rect, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        for (let x = part.x; x < part.x + part.width; x++) {
          const at = (y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE;
          const pixel = (y - rect.y) * rect.width + x - rect.x;
          out.fill((samples ? (samples[at] as number) : maskOutside) * unit, pixel * 4, pixel * 4 + 3);
          out[pixel * 4 + 3] = selected ? (selected[pixel] as number) * 257 : 65535;
        }
      }
    }
  }
  return out;
}

/** A mask where what was taken up is as outside it. */
function restOf({ mask, maskOutside }: Layer, selection: SelectionMask | null): TileMap {
  const rest = new TileMap(mask.format);
  if (!selection) return rest;
  for (const { x, y, data } of mask.tiles.entries()) {
    const selected = selection.get(x, y);
    if (!selected) {
      rest.replace(x, y, data);
      continue;
    }
    const kept = Uint8Array.from(data);
    const samples: Samples = tileSamples(kept, mask.format);
    for (let i = 0; i < samples.length; i++) {
      const share = (selected[i] as number) / 255;
      const value = samples[i] as number;
      samples[i] = Math.round(value + (maskOutside - value) * share);
    }
    rest.replace(x, y, kept);
  }
  return rest;
}

/**
 * Takes up a layer's mask, or the selected part of it.
 * @returns null for a mask that is the same everywhere, or without a part that is selected.
 * @throws EngineError as `changeableLayer`.
 */
export function liftMask(
  document: PaintDocument,
  layerId: string,
  selection: SelectionMask | null,
): Lifted | null {
  const layer = changeableLayer(document, layerId, 'mask');
  const bounds = boundsOf(layer);
  const rect = selection ? intersectRect(bounds, selection.bounds()) : bounds;
  if (isEmptyRect(rect)) return null;
  return {
    layerId,
    plane: 'mask',
    pixels: maskPicture(layer, rect, selection?.read(rect) ?? null),
    rect,
    rest: restOf(layer, selection),
    outside: layer.maskOutside,
  };
}
