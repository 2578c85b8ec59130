import type { Raster } from '../../preload/contract/index.ts';
import type { RgbaImage } from '../inference/protocol.ts';

/** The worker's pixels as they cross the contract: a copy of their own over one ArrayBuffer. */
export function toRaster({ width, height, rgba }: RgbaImage): Raster {
  return { width, height, rgba: new Uint8Array(rgba) };
}
