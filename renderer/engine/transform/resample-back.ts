import type { Rect } from '../geometry/rect.ts';
import type { RegionPixels } from '../tiles/region.ts';
import { PixelSource, storePixel, type Sampling } from './resample.ts';

/** Where a place of the result comes from; writes x and y into `out`, or returns false where nothing does. */
export type BackMap = (x: number, y: number, out: Float64Array) => boolean;

/** Most points across and down that are averaged for one pixel. */
const MOST_POINTS = 8;

/**
 * Maps a picture by a map that is told backwards, premultiplied while it is averaged. Where the picture shrinks, as many
 * points are averaged as pixels fall together there, at most 8 × 8.
 * @param pixels RGBA straight of `rect`, 8 or 16 bits.
 * @param to the rectangle to fill.
 * @returns RGBA straight of `to`, as deep as `pixels`; transparent where nothing comes from.
 */
export function resampleBack(
  pixels: RegionPixels,
  rect: Rect,
  back: BackMap,
  to: Rect,
  sampling: Sampling,
): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const length = to.width * to.height * 4;
  const out = pixels instanceof Uint16Array ? new Uint16Array(length) : new Uint8ClampedArray(length);
  const source = new PixelSource(pixels, rect);
  const add = sampling === 'nearest' ? source.nearest : source.bicubic;
  const sum = new Float64Array(4);
  const at = new Float64Array(2);
  const right = new Float64Array(2);
  const below = new Float64Array(2);
  for (let y = to.y; y < to.y + to.height; y++) {
    for (let x = to.x; x < to.x + to.width; x++) {
      if (!back(x + 0.5, y + 0.5, at)) continue;
      let across = 1;
      let down = 1;
      if (sampling === 'bicubic') {
        across = pointsFor(at, right, back(x + 1.5, y + 0.5, right));
        down = pointsFor(at, below, back(x + 0.5, y + 1.5, below));
      }
      sum.fill(0);
      let count = 0;
      for (let v = 0; v < down; v++) {
        for (let u = 0; u < across; u++) {
          count++;
          if (back(x + (u + 0.5) / across, y + (v + 0.5) / down, at))
            add(at[0] as number, at[1] as number, sum);
        }
      }
      storePixel(out, ((y - to.y) * to.width + x - to.x) * 4, sum, count);
    }
  }
  return out;
}

function pointsFor(from: Float64Array, to: Float64Array, known: boolean): number {
  if (!known) return 1;
  const distance = Math.hypot(
    (to[0] as number) - (from[0] as number),
    (to[1] as number) - (from[1] as number),
  );
  return Math.min(MOST_POINTS, Math.max(1, Math.ceil(distance - 1e-6)));
}
