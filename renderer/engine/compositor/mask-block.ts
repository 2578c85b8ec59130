import type { Rect } from '../geometry/rect.ts';
import type { Layer } from '../layers/layer.ts';
import type { LayerMask } from '../layers/layer-mask.ts';
import { TILE_SIZE, tileSamples } from '../tiles/tile.ts';
import { BLOCK_SIZE, type BlockRegion } from './block.ts';

/** A layer's mask as it counts: switched on. */
export interface PlanMask {
  readonly layer: Layer;
  readonly settings: LayerMask;
  /** Of the document. */
  readonly canvas: Rect;
}

/** How much a mask value (0..1) shows: 1 - density (1 - value). */
function shown({ density }: LayerMask, value: number): number {
  return 1 - density * (1 - value);
}

/**
 * How much a mask shows of each pixel of a region.
 * @param out receives 0..1 at the pixels' places in the block.
 * @returns false when it shows everything, and `out` is as it was.
 */
export function loadMask(
  out: Float32Array,
  { layer, settings, canvas }: PlanMask,
  region: BlockRegion,
): boolean {
  const { mask } = layer;
  const tile = layer.maskTile(region.tx, region.ty, canvas);
  if (!tile) {
    const everywhere = shown(settings, layer.maskOutside / mask.format.maximum);
    if (everywhere === 1) return false;
    for (let y = region.y0; y < region.y1; y++)
      out.fill(everywhere, y * BLOCK_SIZE + region.x0, y * BLOCK_SIZE + region.x1);
    return true;
  }
  const samples = tileSamples(tile, mask.format);
  const unit = settings.density / mask.format.maximum;
  const rest = 1 - settings.density;
  for (let y = region.y0; y < region.y1; y++) {
    let from = (region.by * BLOCK_SIZE + y) * TILE_SIZE + region.bx * BLOCK_SIZE + region.x0;
    for (let at = y * BLOCK_SIZE + region.x0; at < y * BLOCK_SIZE + region.x1; at++, from++)
      out[at] = rest + (samples[from] as number) * unit;
  }
  return true;
}

/** Takes premultiplied pixels down to what a mask shows of them. */
export function applyMask(pixels: Float32Array, mask: Float32Array, region: BlockRegion): void {
  for (let y = region.y0; y < region.y1; y++) {
    for (let at = y * BLOCK_SIZE + region.x0; at < y * BLOCK_SIZE + region.x1; at++) {
      const share = mask[at] as number;
      if (share === 1) continue;
      const i = at * 4;
      pixels[i] = (pixels[i] as number) * share;
      pixels[i + 1] = (pixels[i + 1] as number) * share;
      pixels[i + 2] = (pixels[i + 2] as number) * share;
      pixels[i + 3] = (pixels[i + 3] as number) * share;
    }
  }
}
