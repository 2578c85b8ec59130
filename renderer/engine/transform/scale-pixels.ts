import { EngineError } from '../error.ts';
import type { TilePixels } from '../tiles/tile.ts';
import { lanczosTaps, type Taps } from './lanczos-taps.ts';

/**
 * Scales an image with a Lanczos kernel of three lobes, widened when shrinking so that nothing aliases; premultiplied
 * while it is averaged, so transparent pixels lend no colour.
 * @param pixels RGBA8 straight, `width * height * 4` bytes.
 * @returns RGBA8 straight, `toWidth * toHeight * 4` bytes.
 * @throws EngineError `invalid-size` when sizes are not whole numbers of 1..16384 or do not fit the bytes.
 */
export function scalePixels(
  pixels: TilePixels,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Uint8ClampedArray<ArrayBuffer> {
  const sizes = [width, height, toWidth, toHeight];
  if (!sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 16384)) {
    throw new EngineError(
      'invalid-size',
      `An image cannot be scaled from ${width} × ${height} to ${toWidth} × ${toHeight}.`,
    );
  }
  if (pixels.length !== width * height * 4) {
    throw new EngineError(
      'invalid-size',
      `${pixels.length} bytes are not an image of ${width} × ${height} pixels.`,
    );
  }
  const across = lanczosTaps(width, toWidth);
  const down = lanczosTaps(height, toHeight);
  const rows = new Float32Array(toWidth * height * 4);
  for (let y = 0; y < height; y++) scaleRow(rows, y * toWidth * 4, pixels, y * width * 4, across, toWidth);
  const out = new Uint8ClampedArray(toWidth * toHeight * 4);
  const line = new Float32Array(toWidth * 4);
  for (let y = 0; y < toHeight; y++) {
    line.fill(0);
    for (let k = 0; k < down.count; k++) {
      const weight = down.weights[y * down.count + k] as number;
      if (weight === 0) continue;
      const from = ((down.first[y] as number) + k) * toWidth * 4;
      for (let i = 0; i < line.length; i++)
        line[i] = (line[i] as number) + weight * (rows[from + i] as number);
    }
    storeLine(out, y * toWidth * 4, line);
  }
  return out;
}

function scaleRow(
  out: Float32Array,
  to: number,
  pixels: TilePixels,
  from: number,
  taps: Taps,
  toWidth: number,
): void {
  for (let x = 0; x < toWidth; x++, to += 4) {
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    let i = from + (taps.first[x] as number) * 4;
    for (let k = 0; k < taps.count; k++, i += 4) {
      const weight = taps.weights[x * taps.count + k] as number;
      // Beyond the row's end every weight is 0.
      if (weight === 0) continue;
      const alpha = weight * (pixels[i + 3] as number);
      r += alpha * (pixels[i] as number);
      g += alpha * (pixels[i + 1] as number);
      b += alpha * (pixels[i + 2] as number);
      a += alpha;
    }
    out[to] = r;
    out[to + 1] = g;
    out[to + 2] = b;
    out[to + 3] = a;
  }
}

function storeLine(out: Uint8ClampedArray, to: number, line: Float32Array): void {
  for (let i = 0; i < line.length; i += 4) {
    const alpha = line[i + 3] as number;
    if (alpha < 0.5) continue;
    out[to + i] = (line[i] as number) / alpha;
    out[to + i + 1] = (line[i + 1] as number) / alpha;
    out[to + i + 2] = (line[i + 2] as number) / alpha;
    out[to + i + 3] = alpha;
  }
}
