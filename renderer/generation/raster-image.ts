import type { Raster } from '../../preload/contract/index.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';

/** A raster as something that can be drawn. */
export function rasterImage({ width, height, rgba }: Raster): OffscreenCanvas {
  return draw(width, height, new Uint8ClampedArray(rgba));
}

/**
 * A raster with what a mask hides of it left out.
 *
 * @param frame where the raster lies in the document that the mask is of
 */
export function maskedImage(raster: Raster, frame: Rect, mask: SelectionMask | null): OffscreenCanvas {
  const image = rasterImage(raster);
  const context = image.getContext('2d');
  if (!mask || !context) return image;
  const values = mask.read(frame);
  const alpha = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i++) alpha[4 * i + 3] = values[i] ?? 0;
  context.globalCompositeOperation = 'destination-in';
  context.drawImage(draw(frame.width, frame.height, alpha), 0, 0, raster.width, raster.height);
  return image;
}

function draw(width: number, height: number, rgba: Uint8ClampedArray<ArrayBuffer>): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no 2D canvas.');
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}
