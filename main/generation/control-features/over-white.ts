import type { Raster } from '../../../preload/contract/index.ts';

/** The colours of a raster on white paper: RGB, 8 bit, `width × height × 3` bytes. */
export function overWhite({ rgba, width, height }: Raster): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = rgba[4 * i + 3] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      rgb[3 * i + channel] = Math.round(((rgba[4 * i + channel] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** A picture of one value a pixel as opaque grey. */
export function asGrey(values: Uint8Array, width: number, height: number): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < values.length; i++)
    rgba.fill(values[i] ?? 0, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
  return { width, height, rgba };
}
