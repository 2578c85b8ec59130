import type { Rect } from '../geometry/rect.ts';
import { gaussianBlur, gaussianReach } from './gaussian.ts';

/** What a filter does to a layer's pixels. Plain data. */
export type FilterSettings =
  /** Deviation in pixels, 0.1 … 250. */
  | { readonly type: 'gaussian-blur'; readonly radius: number }
  /** Unsharp mask: what a blur of that deviation takes away is added, 0 … 5 times. */
  | { readonly type: 'sharpen'; readonly radius: number; readonly amount: number }
  /** Normal deviation of each channel, 0 … 1 of its range; the same for all channels of a pixel when monochrome. */
  | { readonly type: 'noise'; readonly amount: number; readonly monochrome: boolean; readonly seed: number }
  /** Squares of 2 … 500 pixels, counted from the document's corner. */
  | { readonly type: 'pixelate'; readonly size: number };

/** How far around itself a filter looks, in pixels. */
export function filterReach(settings: FilterSettings): number {
  switch (settings.type) {
    case 'gaussian-blur':
    case 'sharpen':
      return gaussianReach(settings.radius);
    case 'pixelate':
      return Math.round(settings.size);
    case 'noise':
      return 0;
  }
}

/** True for a filter that puts paint where none was. */
export function filterSpreads({ type }: FilterSettings): boolean {
  return type === 'gaussian-blur' || type === 'pixelate';
}

/** A number from 0 to 1 for a place, always the same (an integer hash, after Wellons' "lowbias32"). */
function unit(x: number, y: number, channel: number, seed: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(channel + 1 + seed * 7, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** A normally distributed number (Box and Muller 1958). */
function normal(x: number, y: number, channel: number, seed: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unit(x, y, channel * 2, seed)));
  return radius * Math.cos(2 * Math.PI * unit(x, y, channel * 2 + 1, seed));
}

function limited(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function sharpen(values: Float32Array, rect: Rect, radius: number, amount: number): void {
  const soft = values.slice();
  gaussianBlur(soft, rect.width, rect.height, radius);
  for (let i = 0; i < values.length; i += 4) {
    const alpha = values[i + 3] as number;
    // Colours alone, as what they are: an edge of the paint is no edge in it.
    const near = soft[i + 3] as number;
    if (alpha === 0 || near === 0) continue;
    for (let k = 0; k < 3; k++) {
      const own = (values[i + k] as number) / alpha;
      const around = (soft[i + k] as number) / near;
      values[i + k] = limited(own + amount * (own - around), 1) * alpha;
    }
  }
}

function addNoise(
  values: Float32Array,
  rect: Rect,
  { amount, monochrome, seed }: Extract<FilterSettings, { type: 'noise' }>,
): void {
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      const i = (y * rect.width + x) * 4;
      const alpha = values[i + 3] as number;
      if (alpha === 0) continue;
      for (let k = 0; k < 3; k++) {
        const by = amount * normal(rect.x + x, rect.y + y, monochrome ? 0 : k, seed);
        values[i + k] = limited((values[i + k] as number) / alpha + by, 1) * alpha;
      }
    }
  }
}

function pixelate(values: Float32Array, rect: Rect, size: number): void {
  const first = (from: number): number => Math.floor(from / size) * size - from;
  for (let top = first(rect.y); top < rect.height; top += size) {
    for (let left = first(rect.x); left < rect.width; left += size) {
      const [y0, y1] = [Math.max(0, top), Math.min(rect.height, top + size)];
      const [x0, x1] = [Math.max(0, left), Math.min(rect.width, left + size)];
      for (let k = 0; k < 4; k++) {
        let sum = 0;
        for (let y = y0; y < y1; y++)
          for (let x = x0; x < x1; x++) sum += values[(y * rect.width + x) * 4 + k] as number;
        const mean = sum / ((y1 - y0) * (x1 - x0));
        for (let y = y0; y < y1; y++)
          for (let x = x0; x < x1; x++) values[(y * rect.width + x) * 4 + k] = mean;
      }
    }
  }
}

/**
 * Filters premultiplied RGBA, 0 … 1, in place.
 * @param rect where the pixels lie in the document.
 */
export function applyFilter(values: Float32Array, rect: Rect, settings: FilterSettings): void {
  switch (settings.type) {
    case 'gaussian-blur':
      return gaussianBlur(values, rect.width, rect.height, settings.radius);
    case 'sharpen':
      return sharpen(values, rect, settings.radius, settings.amount);
    case 'noise':
      return addNoise(values, rect, settings);
    case 'pixelate':
      return pixelate(values, rect, Math.round(settings.size));
  }
}
