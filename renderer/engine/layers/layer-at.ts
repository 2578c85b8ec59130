import type { PaintDocument } from '../document.ts';
import { TILE_SIZE, tileSamples } from '../tiles/tile.ts';
import { holdsPixels } from './layer-record.ts';
import type { Layer } from './layer.ts';

/** Least share of a pixel that counts as something to be seen. */
const SEEN = 0.1;

/** How much of a plane's pixel there is, 0..1. */
function share(data: Uint8Array, format: Layer['format'], x: number, y: number): number {
  const { channels, maximum } = format;
  const at = ((y & (TILE_SIZE - 1)) * TILE_SIZE + (x & (TILE_SIZE - 1))) * channels;
  return (tileSamples(data, format)[at + channels - 1] as number) / maximum;
}

/**
 * The topmost layer with pixels of its own that is to be seen at a place, its mask and its groups counted; null where there is none.
 * @param x in document pixels, as y.
 * @throws EngineError `pixels-away` when what is there cannot be read now.
 */
export function layerAt(document: PaintDocument, x: number, y: number): string | null {
  const [px, py] = [Math.floor(x), Math.floor(y)];
  const [tx, ty] = [Math.floor(px / TILE_SIZE), Math.floor(py / TILE_SIZE)];
  const { layers } = document;
  const shown = (layer: Layer): number => {
    const { visible, opacity, mask, parent } = layer.record;
    if (!visible) return 0;
    const tile = mask?.enabled ? layer.maskTile(tx, ty, document.canvas) : undefined;
    const value = tile
      ? share(tile, layer.mask.format, px, py)
      : layer.maskOutside / layer.mask.format.maximum;
    const own = mask?.enabled ? opacity * (1 - mask.density * (1 - value)) : opacity;
    return own === 0 || parent === null ? own : own * shown(layers.get(parent));
  };
  const found = [...layers.all()].findLast((layer) => {
    // What is hidden need not be read.
    const most = holdsPixels(layer.record.kind) ? shown(layer) : 0;
    const tile = most >= SEEN ? layer.get(tx, ty) : undefined;
    return tile !== undefined && share(tile, layer.format, px, py) * most >= SEEN;
  });
  return found?.record.id ?? null;
}
