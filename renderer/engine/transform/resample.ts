import { intersectRect, type Rect } from '../geometry/rect.ts';
import type { RegionPixels } from '../tiles/region.ts';
import { pixelsAround } from './pixels-around.ts';
import { applyAffine, invertAffine, type Affine } from './affine.ts';

/** How pixels between pixels are found: hard squares, or a bicubic curve (Keys 1981, a = -0.5). */
export type Sampling = 'nearest' | 'bicubic';

/** Most points across and down that are averaged for one pixel of a shrunk picture. */
const MOST_POINTS = 16;

/** The whole pixels that a mapped rectangle touches. */
export function mappedBounds(map: Affine, rect: Rect): Rect {
  const corners = [
    [rect.x, rect.y],
    [rect.x + rect.width, rect.y],
    [rect.x, rect.y + rect.height],
    [rect.x + rect.width, rect.y + rect.height],
  ].map(([x = 0, y = 0]) => applyAffine(map, { x, y }));
  return pixelsAround(corners);
}

/**
 * Maps a picture, premultiplied while it is averaged, so that transparent pixels lend no colour. Where it shrinks, as
 * many points are averaged as pixels fall together, at most 16 × 16.
 * @param pixels RGBA straight of `rect`, 8 or 16 bits.
 * @param map from where the picture is to where it shall be.
 * @param to the rectangle to fill.
 * @returns RGBA straight of `to`, as deep as `pixels`; transparent where nothing is mapped to, and everywhere when the map is flat.
 */
export function resample(
  pixels: RegionPixels,
  rect: Rect,
  map: Affine,
  to: Rect,
  sampling: Sampling,
): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const length = to.width * to.height * 4;
  const out = pixels instanceof Uint16Array ? new Uint16Array(length) : new Uint8ClampedArray(length);
  const back = invertAffine(map);
  if (!back) return out;
  const points = (a: number, b: number): number =>
    sampling === 'nearest' ? 1 : Math.min(MOST_POINTS, Math.max(1, Math.ceil(Math.hypot(a, b) - 1e-6)));
  const across = points(back.a, back.b);
  const down = points(back.c, back.d);
  const source = new PixelSource(pixels, rect);
  const sum = new Float64Array(4);
  const add = sampling === 'nearest' ? source.nearest : source.bicubic;
  const seen = intersectRect(
    to,
    mappedBounds(map, { x: rect.x - 2, y: rect.y - 2, width: rect.width + 4, height: rect.height + 4 }),
  );
  for (let y = seen.y; y < seen.y + seen.height; y++) {
    for (let x = seen.x; x < seen.x + seen.width; x++) {
      sum.fill(0);
      for (let v = 0; v < down; v++) {
        for (let u = 0; u < across; u++) {
          const px = x + (u + 0.5) / across;
          const py = y + (v + 0.5) / down;
          add(back.a * px + back.c * py + back.e, back.b * px + back.d * py + back.f, sum);
        }
      }
      storePixel(out, ((y - to.y) * to.width + x - to.x) * 4, sum, across * down);
    }
  }
  return out;
}

/** Writes the mean of `count` summed samples as a straight pixel. */
export function storePixel(
  out: Uint8ClampedArray | Uint16Array,
  at: number,
  sum: Float64Array,
  count: number,
): void {
  const maximum = out instanceof Uint16Array ? 65535 : 255;
  // A bicubic curve overshoots.
  const limited = (value: number): number => Math.min(maximum, Math.max(0, Math.round(value)));
  const alpha = (sum[3] as number) / count;
  if (alpha < 0.5) return;
  for (let k = 0; k < 3; k++) out[at + k] = limited((sum[k] as number) / (sum[3] as number));
  out[at + 3] = limited(alpha);
}

/** A picture to take samples from; each adds premultiplied red, green, blue and alpha (as stored) to a sum. */
export class PixelSource {
  readonly #pixels: RegionPixels;
  readonly #rect: Rect;
  readonly #wx = new Float64Array(4);
  readonly #wy = new Float64Array(4);

  constructor(pixels: RegionPixels, rect: Rect) {
    this.#pixels = pixels;
    this.#rect = rect;
  }

  readonly nearest = (x: number, y: number, sum: Float64Array): void => {
    this.#add(Math.floor(x) - this.#rect.x, Math.floor(y) - this.#rect.y, 1, sum);
  };

  readonly bicubic = (x: number, y: number, sum: Float64Array): void => {
    const px = x - this.#rect.x - 0.5;
    const py = y - this.#rect.y - 0.5;
    const x0 = Math.floor(px);
    const y0 = Math.floor(py);
    if (x0 < -2 || y0 < -2 || x0 > this.#rect.width || y0 > this.#rect.height) return;
    cubicWeights(this.#wx, px - x0);
    cubicWeights(this.#wy, py - y0);
    for (let v = 0; v < 4; v++) {
      for (let u = 0; u < 4; u++) {
        const weight = (this.#wx[u] as number) * (this.#wy[v] as number);
        if (weight !== 0) this.#add(x0 - 1 + u, y0 - 1 + v, weight, sum);
      }
    }
  };

  #add(x: number, y: number, weight: number, sum: Float64Array): void {
    const { width, height } = this.#rect;
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const i = (y * width + x) * 4;
    const alpha = (this.#pixels[i + 3] as number) * weight;
    if (alpha === 0) return;
    sum[0] = (sum[0] as number) + (this.#pixels[i] as number) * alpha;
    sum[1] = (sum[1] as number) + (this.#pixels[i + 1] as number) * alpha;
    sum[2] = (sum[2] as number) + (this.#pixels[i + 2] as number) * alpha;
    sum[3] = (sum[3] as number) + alpha;
  }
}

function cubicWeights(out: Float64Array, t: number): void {
  const s = 1 - t;
  out[0] = -0.5 * t * s * s;
  out[1] = 1 + t * t * (1.5 * t - 2.5);
  out[2] = 1 + s * s * (1.5 * s - 2.5);
  out[3] = -0.5 * s * t * t;
}
