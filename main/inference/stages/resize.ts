import type { Mask, RgbaImage } from '../protocol.ts';
import { meanCoverage } from './adapter-regions.ts';
import type { LatentShape } from './latent-scale.ts';

const LOBES = 3;

/** Which source pixels make a target pixel, and their weights; indices beyond the edge repeat the edge. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly count: number;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const px = Math.PI * x;
  return (LOBES * Math.sin(px) * Math.sin(px / LOBES)) / (px * px);
}

/** For shrinking the kernel widens, so that nothing aliases. */
function lanczosTaps(from: number, to: number): Taps {
  const ratio = from / to;
  const stretch = Math.max(1, ratio);
  const count = 2 * Math.ceil(LOBES * stretch) + 1;
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * ratio - 0.5;
    first[i] = Math.floor(centre) - (count >> 1);
    const own = Array.from({ length: count }, (_, k) => lanczos(((first[i] ?? 0) + k - centre) / stretch));
    const sum = own.reduce((total, weight) => total + weight, 0);
    weights.set(
      own.map((weight) => weight / sum),
      i * count,
    );
  }
  return { first, weights, count };
}

/** Resizes rows of `width` values, `channels` planes of `height` rows each, along one axis; the result is turned. */
function resizeRows(planes: Float32Array, width: number, taps: Taps): Float32Array {
  const rows = planes.length / width;
  const to = taps.first.length;
  const out = new Float32Array(rows * to);
  for (let row = 0; row < rows; row += 1) {
    for (let x = 0; x < to; x += 1) {
      let sum = 0;
      for (let k = 0; k < taps.count; k += 1) {
        const at = Math.min(width - 1, Math.max(0, (taps.first[x] ?? 0) + k));
        sum += (planes[row * width + at] ?? 0) * (taps.weights[x * taps.count + k] ?? 0);
      }
      out[row * to + x] = sum;
    }
  }
  return out;
}

function turn(plane: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(plane.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) out[x * height + y] = plane[y * width + x] ?? 0;
  }
  return out;
}

/** Resizes a picture by a Lanczos kernel of three lobes, on premultiplied colour. */
export function resizeImage(image: RgbaImage, width: number, height: number): RgbaImage {
  if (image.width === width && image.height === height) return image;
  const [across, down] = [lanczosTaps(image.width, width), lanczosTaps(image.height, height)];
  const count = image.width * image.height;
  const channels = [0, 1, 2, 3].map((c) => {
    const plane = Float32Array.from({ length: count }, (_, i) => {
      const alpha = (image.rgba[4 * i + 3] ?? 0) / 255;
      return c === 3 ? alpha : (image.rgba[4 * i + c] ?? 0) * alpha;
    });
    const wide = resizeRows(plane, image.width, across);
    const tall = resizeRows(turn(wide, width, image.height), image.height, down);
    return turn(tall, height, width);
  });
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i += 1) {
    const alpha = Math.min(1, Math.max(0, channels[3]?.[i] ?? 0));
    for (let c = 0; c < 3; c += 1) rgba[4 * i + c] = alpha === 0 ? 0 : (channels[c]?.[i] ?? 0) / alpha;
    rgba[4 * i + 3] = alpha * 255;
  }
  return { width, height, rgba: new Uint8Array(rgba.buffer) };
}

/** Resizes a mask by the mean coverage of each part. */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  if (mask.width === width && mask.height === height) return mask;
  const coverage = Uint8Array.from(meanCoverage(mask, height, width), (share) => Math.round(share * 255));
  return { width, height, coverage };
}

/** Resizes a latent by the nearest cell, or linearly between the middles of cells. */
export function resizeLatent(
  latent: Float32Array,
  from: LatentShape,
  to: LatentShape,
  linear: boolean,
): Float32Array {
  const out = new Float32Array(to.channels * to.height * to.width);
  const at = (c: number, y: number, x: number): number => {
    const row = Math.min(from.height - 1, Math.max(0, y));
    const column = Math.min(from.width - 1, Math.max(0, x));
    return latent[(c * from.height + row) * from.width + column] ?? 0;
  };
  for (let c = 0; c < to.channels; c += 1) {
    for (let y = 0; y < to.height; y += 1) {
      for (let x = 0; x < to.width; x += 1) {
        const index = (c * to.height + y) * to.width + x;
        if (!linear) {
          out[index] = at(
            c,
            Math.floor((y * from.height) / to.height),
            Math.floor((x * from.width) / to.width),
          );
          continue;
        }
        const sy = ((y + 0.5) * from.height) / to.height - 0.5;
        const sx = ((x + 0.5) * from.width) / to.width - 0.5;
        const [top, left] = [Math.floor(sy), Math.floor(sx)];
        const [down, across] = [sy - top, sx - left];
        const upper = at(c, top, left) * (1 - across) + at(c, top, left + 1) * across;
        const lower = at(c, top + 1, left) * (1 - across) + at(c, top + 1, left + 1) * across;
        out[index] = upper * (1 - down) + lower * down;
      }
    }
  }
  return out;
}
