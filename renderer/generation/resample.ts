/** RGBA, 8 bit, straight alpha, row by row. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const LOBES = 3;

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const px = Math.PI * x;
  return (LOBES * Math.sin(px) * Math.sin(px / LOBES)) / (px * px);
}

interface Taps {
  readonly start: Int32Array;
  readonly weights: Float32Array;
  readonly width: number;
}

/** Weights of one direction; for shrinking the kernel widens so that nothing aliases. */
function tapsFor(from: number, to: number): Taps {
  const ratio = from / to;
  const stretch = Math.max(1, ratio);
  const width = Math.ceil(LOBES * stretch) * 2 + 1;
  const start = new Int32Array(to);
  const weights = new Float32Array(to * width);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio - 0.5;
    const first = Math.floor(centre) - (width >> 1);
    start[i] = first;
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const weight = lanczos((first + k - centre) / stretch);
      weights[i * width + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < width; k++) weights[i * width + k] = (weights[i * width + k] ?? 0) / sum;
  }
  return { start, weights, width };
}

/**
 * Resamples pixels with a Lanczos kernel of three lobes, on premultiplied values so that transparent pixels lend no
 * colour. The same input gives the same bytes everywhere; equal sizes return the pixels untouched.
 */
export function resample(source: Pixels, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  if (source.width === width && source.height === height) return new Uint8ClampedArray(source.rgba);
  const across = tapsFor(source.width, width);
  const down = tapsFor(source.height, height);
  const rows = new Float32Array(source.height * width * 4);
  for (let y = 0; y < source.height; y++) {
    for (let x = 0; x < width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let k = 0; k < across.width; k++) {
        const weight = across.weights[x * across.width + k] ?? 0;
        if (weight === 0) continue;
        const sx = Math.min(source.width - 1, Math.max(0, (across.start[x] ?? 0) + k));
        const at = (y * source.width + sx) * 4;
        const alpha = ((source.rgba[at + 3] ?? 0) / 255) * weight;
        r += (source.rgba[at] ?? 0) * alpha;
        g += (source.rgba[at + 1] ?? 0) * alpha;
        b += (source.rgba[at + 2] ?? 0) * alpha;
        a += alpha;
      }
      const to = (y * width + x) * 4;
      rows[to] = r;
      rows[to + 1] = g;
      rows[to + 2] = b;
      rows[to + 3] = a;
    }
  }
  const out = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let k = 0; k < down.width; k++) {
        const weight = down.weights[y * down.width + k] ?? 0;
        if (weight === 0) continue;
        const sy = Math.min(source.height - 1, Math.max(0, (down.start[y] ?? 0) + k));
        const at = (sy * width + x) * 4;
        r += (rows[at] ?? 0) * weight;
        g += (rows[at + 1] ?? 0) * weight;
        b += (rows[at + 2] ?? 0) * weight;
        a += (rows[at + 3] ?? 0) * weight;
      }
      const to = (y * width + x) * 4;
      const alpha = Math.min(1, Math.max(0, a));
      if (alpha <= 0) continue;
      out[to] = r / alpha;
      out[to + 1] = g / alpha;
      out[to + 2] = b / alpha;
      out[to + 3] = alpha * 255;
    }
  }
  return out;
}

/** Shrinks pixels by a whole factor, averaging premultiplied values; for pictures much larger than asked for. */
export function shrinkByWhole(source: Pixels, factor: number): Pixels {
  if (factor <= 1) return source;
  const width = Math.floor(source.width / factor);
  const height = Math.floor(source.height / factor);
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let dy = 0; dy < factor; dy++) {
        for (let dx = 0; dx < factor; dx++) {
          const at = ((y * factor + dy) * source.width + x * factor + dx) * 4;
          const alpha = source.rgba[at + 3] ?? 0;
          r += (source.rgba[at] ?? 0) * alpha;
          g += (source.rgba[at + 1] ?? 0) * alpha;
          b += (source.rgba[at + 2] ?? 0) * alpha;
          a += alpha;
        }
      }
      if (a === 0) continue;
      const to = (y * width + x) * 4;
      rgba[to] = Math.round(r / a);
      rgba[to + 1] = Math.round(g / a);
      rgba[to + 2] = Math.round(b / a);
      rgba[to + 3] = Math.round(a / (factor * factor));
    }
  }
  return { width, height, rgba };
}
