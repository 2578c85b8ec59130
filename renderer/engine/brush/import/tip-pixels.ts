import { MAX_TIP_EDGE, type TipBitmap } from '../brush.ts';

/**
 * A tip of any size as a brush keeps it: without empty borders, and averaged down where an edge is beyond 512 pixels.
 *
 * @param alpha `width * height` values, 0 nothing, 255 full
 * @returns null when nothing is in it
 */
export function toTipBitmap(width: number, height: number, alpha: Uint8Array): TipBitmap | null {
  let x0 = width;
  let y0 = height;
  let x1 = -1;
  let y1 = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (alpha[y * width + x] === 0) continue;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
  }
  if (x1 < 0) return null;
  const inner = { width: x1 - x0 + 1, height: y1 - y0 + 1 };
  const factor = Math.max(1, Math.max(inner.width, inner.height) / MAX_TIP_EDGE);
  const out = {
    width: Math.max(1, Math.min(MAX_TIP_EDGE, Math.round(inner.width / factor))),
    height: Math.max(1, Math.min(MAX_TIP_EDGE, Math.round(inner.height / factor))),
  };
  const pixels = new Uint8Array(out.width * out.height);
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const from = {
        x: Math.floor((x * inner.width) / out.width),
        y: Math.floor((y * inner.height) / out.height),
      };
      const to = {
        x: Math.max(from.x + 1, Math.floor(((x + 1) * inner.width) / out.width)),
        y: Math.max(from.y + 1, Math.floor(((y + 1) * inner.height) / out.height)),
      };
      let sum = 0;
      for (let v = from.y; v < to.y; v++)
        for (let u = from.x; u < to.x; u++) sum += alpha[(y0 + v) * width + x0 + u] ?? 0;
      pixels[y * out.width + x] = Math.round(sum / ((to.x - from.x) * (to.y - from.y)));
    }
  }
  return { ...out, alpha: pixels };
}
