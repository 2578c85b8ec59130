import type { Raster } from '../../preload/contract/index.ts';

/** A raster as something that can be drawn. */
export function rasterImage({ width, height, rgba }: Raster): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no 2D canvas.');
  context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  return canvas;
}
