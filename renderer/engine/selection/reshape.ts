import { grownRect, intersectRect, type Rect } from '../geometry/rect.ts';
import { SelectionMask } from './selection-mask.ts';

const FAR = 1e9;
/** From here on a pixel counts as inside. */
const HALF = 128;
/** Larger selections are reshaped tile by tile, each with as much around it as it depends on. */
const WHOLE_PIXELS = 4096 * 4096;

/**
 * Does something to a selection that depends on no more than `reach` pixels around.
 * @param flat what comes of a place around which everything has one value.
 */
function reshaped(
  mask: SelectionMask,
  rect: Rect,
  reach: number,
  flat: (value: number) => number,
  reshape: (part: Rect) => Uint8Array,
): SelectionMask {
  if (rect.width * rect.height <= WHOLE_PIXELS) return new SelectionMask(rect, reshape(rect));
  return SelectionMask.ofTiles(rect, (part) => {
    const value = mask.uniformIn(grownRect(part, reach));
    return value === undefined ? reshape(part) : flat(value);
  });
}

/** Grows by a distance in pixels, or shrinks by a negative one: exact Euclidean distance, edges one pixel soft. */
export function growSelection(mask: SelectionMask, pixels: number, canvas: Rect): SelectionMask {
  if (pixels === 0) return mask;
  const grow = pixels > 0;
  const distance = Math.abs(pixels);
  const reach = Math.ceil(distance) + 1;
  const all = grow ? intersectRect(grownRect(mask.rect, reach), canvas) : mask.rect;
  const flat = (value: number): number =>
    grow ? (value >= HALF ? 255 : value) : 255 - value >= HALF ? 0 : value;
  return reshaped(mask, all, reach, flat, (rect) => {
    // Beyond the canvas nothing is known, so shrinking starts at edges within it only.
    const margin = intersectRect(grownRect(rect, reach), grow ? all : grownRect(all, 1));
    const values = mask.read(margin);
    const sources = Float64Array.from(values, (value) => seed(grow ? value : 255 - value));
    if (!grow) clearOutside(sources, margin, canvas);
    squaredDistance(sources, margin.width, margin.height);
    const out = new Uint8Array(rect.width * rect.height);
    for (let y = 0; y < rect.height; y++) {
      for (let x = 0; x < rect.width; x++) {
        const at = (y + rect.y - margin.y) * margin.width + x + rect.x - margin.x;
        const inside = Math.min(1, Math.max(0, distance + 1 - Math.sqrt(sources[at] as number)));
        const reached = (grow ? inside : 1 - inside) * 255;
        const before = values[at] as number;
        out[y * rect.width + x] = (grow ? Math.max(before, reached) : Math.min(before, reached)) + 0.5;
      }
    }
    return out;
  });
}

/** Softens the edge: three box blurs, close to a Gaussian whose standard deviation is half the radius. */
export function featherSelection(mask: SelectionMask, radius: number, canvas: Rect): SelectionMask {
  if (!(radius > 0)) return mask;
  const sigma = radius / 2;
  const half = Math.max(1, Math.round(Math.sqrt((12 * sigma * sigma) / 3 + 1) / 2 - 0.5));
  const reach = half * 3;
  const seen = intersectRect(grownRect(mask.rect, reach), canvas);
  const flat = (value: number): number => value;
  return reshaped(mask, seen, reach, flat, (rect) => {
    const around = grownRect(rect, reach);
    let values = Float32Array.from(mask.read(around));
    for (let pass = 0; pass < 3; pass++) {
      values = boxBlur(values, around.width, around.height, half);
      values = boxBlur(values, around.height, around.width, half);
    }
    const out = new Uint8Array(rect.width * rect.height);
    for (let y = 0; y < rect.height; y++) {
      const from = (y + reach) * around.width + reach;
      for (let x = 0; x < rect.width; x++) out[y * rect.width + x] = (values[from + x] as number) + 0.5;
    }
    return out;
  });
}

/** Averages along rows and writes the result turned, so that a second pass does the columns and turns it back. */
function boxBlur(
  values: Float32Array,
  width: number,
  height: number,
  half: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  const count = 2 * half + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = 0; x < Math.min(half, width); x++) sum += values[row + x] as number;
    for (let x = 0; x < width; x++) {
      if (x + half < width) sum += values[row + x + half] as number;
      if (x - half - 1 >= 0) sum -= values[row + x - half - 1] as number;
      out[x * height + y] = Math.max(0, sum / count);
    }
  }
  return out;
}

/** The edge lies where half is selected: adding a fraction to a squared distance would move slanted edges outwards. */
function seed(value: number): number {
  return value >= HALF ? 0 : FAR;
}

function clearOutside(sources: Float64Array, rect: Rect, canvas: Rect): void {
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      const px = x + rect.x;
      const py = y + rect.y;
      const outside =
        px < canvas.x || py < canvas.y || px >= canvas.x + canvas.width || py >= canvas.y + canvas.height;
      if (outside) sources[y * rect.width + x] = FAR;
    }
  }
}

/** Squared distance to the nearest zero, in place (Felzenszwalb and Huttenlocher 2012). */
function squaredDistance(values: Float64Array, width: number, height: number): void {
  const size = Math.max(width, height);
  const line = new Float64Array(size);
  const places = new Int32Array(size);
  const bounds = new Float64Array(size + 1);
  const transform = (start: number, step: number, count: number): void => {
    let k = 0;
    for (let i = 0; i < count; i++) line[i] = values[start + i * step] as number;
    const cross = (q: number, p: number): number =>
      ((line[q] as number) + q * q - (line[p] as number) - p * p) / (2 * (q - p));
    places[0] = 0;
    bounds[0] = -Infinity;
    bounds[1] = Infinity;
    for (let q = 1; q < count; q++) {
      while (cross(q, places[k] as number) <= (bounds[k] as number)) k--;
      bounds[k + 1] = cross(q, places[k] as number);
      k++;
      places[k] = q;
      bounds[k + 1] = Infinity;
    }
    k = 0;
    for (let q = 0; q < count; q++) {
      while ((bounds[k + 1] as number) < q) k++;
      const p = places[k] as number;
      values[start + q * step] = (q - p) ** 2 + (line[p] as number);
    }
  };
  for (let x = 0; x < width; x++) transform(x, width, height);
  for (let y = 0; y < height; y++) transform(y * width, 1, width);
}
