/**
 * Averages squares of pixels.
 * @param pixels premultiplied RGBA8, `width * height`, row by row.
 * @param scale edge of a square; the last ones of a row or column may be cut off by the picture's edge and are the
 * average of what there is.
 * @returns `ceil(width / scale) * ceil(height / scale)` premultiplied pixels.
 */
export function averageSquares(pixels: Uint8Array, width: number, height: number, scale: number): Uint8Array {
  if (scale === 1) return pixels.subarray(0, width * height * 4);
  const across = Math.ceil(width / scale);
  const down = Math.ceil(height / scale);
  const out = new Uint8Array(across * down * 4);
  for (let y = 0, to = 0; y < down; y++) {
    const bottom = Math.min(height, (y + 1) * scale);
    for (let x = 0; x < across; x++, to += 4) {
      const right = Math.min(width, (x + 1) * scale);
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let v = y * scale; v < bottom; v++) {
        const end = (v * width + right) * 4;
        for (let i = (v * width + x * scale) * 4; i < end; i += 4) {
          r += pixels[i] as number;
          g += pixels[i + 1] as number;
          b += pixels[i + 2] as number;
          a += pixels[i + 3] as number;
        }
      }
      const share = 1 / ((bottom - y * scale) * (right - x * scale));
      out[to] = r * share + 0.5;
      out[to + 1] = g * share + 0.5;
      out[to + 2] = b * share + 0.5;
      out[to + 3] = a * share + 0.5;
    }
  }
  return out;
}

/** Premultiplied RGBA8 as straight RGBA8. */
export function toStraight(pixels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] as number;
    const scale = alpha > 0 ? 255 / alpha : 0;
    out[i] = (pixels[i] as number) * scale;
    out[i + 1] = (pixels[i + 1] as number) * scale;
    out[i + 2] = (pixels[i + 2] as number) * scale;
    out[i + 3] = alpha;
  }
  return out;
}
