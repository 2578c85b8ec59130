import { BLOCK_SIZE, type BlockRegion } from './block.ts';

/** How composited pixels are handed out: straight as files and ImageData hold them, or premultiplied for GPUs. */
export type AlphaFormat = 'straight' | 'premultiplied';

/**
 * Writes a block's region as RGBA8.
 * @param at index in `out` of the region's first pixel.
 * @param stride bytes from one row of `out` to the next.
 */
export function writePixels(
  out: Uint8Array | Uint8ClampedArray,
  at: number,
  stride: number,
  block: Float32Array,
  region: BlockRegion,
  format: AlphaFormat,
): void {
  const straight = format === 'straight';
  for (let y = region.y0; y < region.y1; y++) {
    let to = at + (y - region.y0) * stride;
    const end = (y * BLOCK_SIZE + region.x1) * 4;
    for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i += 4, to += 4) {
      const alpha = block[i + 3] as number;
      const scale = straight && alpha > 0 ? 255 / alpha : 255;
      out[to] = ((block[i] as number) * scale + 0.5) | 0;
      out[to + 1] = ((block[i + 1] as number) * scale + 0.5) | 0;
      out[to + 2] = ((block[i + 2] as number) * scale + 0.5) | 0;
      out[to + 3] = (alpha * 255 + 0.5) | 0;
    }
  }
}
