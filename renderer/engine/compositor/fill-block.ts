import { gradientPlace, packStops, sampleStops } from '../fill/gradient.ts';
import type { Fill } from '../layers/fill.ts';
import { TILE_SIZE } from '../tiles/tile.ts';
import { BLOCK_SIZE, type BlockRegion } from './block.ts';

/** Writes a fill into a block's region, premultiplied. */
export type BlockFiller = (out: Float32Array, region: BlockRegion) => void;

/** Makes a fill ready for many blocks. Gradients are sampled at the centres of pixels; colour and opacity apart. */
export function compileFill(fill: Fill): BlockFiller {
  if (fill.type === 'solid') {
    const pixel = Float32Array.of(...fill.colour, 1);
    return (out, region) => {
      for (let y = region.y0; y < region.y1; y++) {
        const end = (y * BLOCK_SIZE + region.x1) * 4;
        for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i += 4) out.set(pixel, i);
      }
    };
  }
  const { shape, from, to } = fill;
  const stops = packStops(fill.stops.map(({ at, colour, opacity }) => [at, ...colour, opacity]));
  const pixel = new Float64Array(4);
  return (out, region) => {
    const left = region.tx * TILE_SIZE + region.bx * BLOCK_SIZE + 0.5;
    const top = region.ty * TILE_SIZE + region.by * BLOCK_SIZE + 0.5;
    for (let y = region.y0; y < region.y1; y++) {
      for (let x = region.x0; x < region.x1; x++) {
        sampleStops(stops, gradientPlace(shape, from, to, left + x, top + y), pixel, 0);
        const alpha = pixel[3] as number;
        const i = (y * BLOCK_SIZE + x) * 4;
        for (let k = 0; k < 3; k++) out[i + k] = (pixel[k] as number) * alpha;
        out[i + 3] = alpha;
      }
    }
  };
}
