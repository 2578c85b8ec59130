import { BLOCK_SIZE, type BlockRegion } from './block.ts';

/** How composited pixels are handed out: straight as files and ImageData hold them, or premultiplied for GPUs. */
export type AlphaFormat = 'straight' | 'premultiplied';

/** What composited pixels are written into: RGBA of 8 or 16 bits a channel. */
export type PixelsOut = Uint8Array | Uint8ClampedArray | Uint16Array;

/**
 * Writes a block's region as RGBA, 8 or 16 bits a channel as `out` has them.
 * @param at index in `out` of the region's first pixel.
 * @param stride channels from one row of `out` to the next.
 */
export function writePixels(
  out: PixelsOut,
  at: number,
  stride: number,
  block: Float32Array,
  region: BlockRegion,
  format: AlphaFormat,
): void {
  const straight = format === 'straight';
  const maximum = out instanceof Uint16Array ? 65535 : 255;
  for (let y = region.y0; y < region.y1; y++) {
    let to = at + (y - region.y0) * stride;
    const end = (y * BLOCK_SIZE + region.x1) * 4;
    for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i += 4, to += 4) {
      const alpha = block[i + 3] as number;
      const scale = straight && alpha > 0 ? maximum / alpha : maximum;
      out[to] = ((block[i] as number) * scale + 0.5) | 0;
      out[to + 1] = ((block[i + 1] as number) * scale + 0.5) | 0;
      out[to + 2] = ((block[i + 2] as number) * scale + 0.5) | 0;
      out[to + 3] = (alpha * maximum + 0.5) | 0;
    }
  }
}
