import type { TipBitmap } from './brush.ts';
import { halvingLevels, type ShapeLevels } from './tip-shapes.ts';

const made = new WeakMap<TipBitmap, ShapeLevels>();

/** A brush's own tip in halving sizes, in the middle of a square that its longer edge fills. Made once and kept. */
export function bitmapLevels(bitmap: TipBitmap): ShapeLevels {
  const kept = made.get(bitmap);
  if (kept) return kept;
  const { width, height } = bitmap;
  const longer = Math.max(width, height);
  const edge = 2 ** Math.max(2, Math.ceil(Math.log2(longer)));
  const scale = longer / edge;
  const alpha = Float32Array.from({ length: edge * edge }, (_, i) =>
    sample(
      bitmap,
      ((i % edge) + 0.5 - edge / 2) * scale + width / 2 - 0.5,
      (Math.floor(i / edge) + 0.5 - edge / 2) * scale + height / 2 - 0.5,
    ),
  );
  const levels = halvingLevels(alpha, edge);
  made.set(bitmap, levels);
  return levels;
}

/** Bilinear; nothing beyond the edges. 0..1. */
function sample({ width, height, alpha }: TipBitmap, x: number, y: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const at = (u: number, v: number): number =>
    u < 0 || v < 0 || u >= width || v >= height ? 0 : (alpha[v * width + u] ?? 0) / 255;
  const fx = x - x0;
  const fy = y - y0;
  const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}
