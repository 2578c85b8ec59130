import type { RgbaImage } from '../protocol.ts';

/**
 * 8-bit pixels as a network takes them: float32 `[3, height, width]`, white 1, black -1.
 * Transparent pixels are laid on white.
 */
export function toPlanes(image: RgbaImage): Float32Array {
  const { rgba, width, height } = image;
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i += 1) {
    const alpha = (rgba[4 * i + 3] ?? 0) / 255;
    for (let c = 0; c < 3; c += 1) {
      const onWhite = (rgba[4 * i + c] ?? 0) * alpha + 255 * (1 - alpha);
      planes[c * count + i] = onWhite / 127.5 - 1;
    }
  }
  return planes;
}

/** 8-bit pixels as a ControlNet takes them: float32 `[3, height, width]` in 0 … 1, transparent pixels black. */
export function toUnitPlanes({ rgba, width, height }: RgbaImage): Float32Array {
  const count = width * height;
  return Float32Array.from({ length: 3 * count }, (_, i) => {
    const pixel = 4 * (i % count);
    return ((rgba[pixel + Math.floor(i / count)] ?? 0) * (rgba[pixel + 3] ?? 0)) / 255 ** 2;
  });
}

/**
 * A generated picture laid over the one that it was painted into: `base + (painted - base) · coverage / 255`,
 * rounded to the nearest byte, so that a pixel of coverage 0 is the base's own. Alpha alike.
 */
export function layOver(painted: RgbaImage, base: RgbaImage, coverage: Uint8Array): RgbaImage {
  const rgba = new Uint8ClampedArray(painted.rgba.length);
  for (let i = 0; i < rgba.length; i += 1) {
    const below = base.rgba[i] ?? 0;
    rgba[i] = below + (((painted.rgba[i] ?? 0) - below) * (coverage[i >> 2] ?? 0)) / 255;
  }
  return { width: painted.width, height: painted.height, rgba: new Uint8Array(rgba.buffer) };
}

/**
 * A network's picture `[3, height, width]`, white 1, black -1, as opaque 8-bit RGBA. Each value is
 * `(x / 2 + 0.5) * 255` in float64, cut to 0 … 255 and rounded to the nearest whole number, halves to
 * the even one, as numpy rounds for diffusers.
 */
export function toRgba(planes: Float32Array, width: number, height: number): RgbaImage {
  const count = width * height;
  // A clamped array rounds halves to even and cuts, by definition (ECMA-262, ToUint8Clamp).
  const rgba = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1) rgba[4 * i + c] = ((planes[c * count + i] ?? 0) / 2 + 0.5) * 255;
    rgba[4 * i + 3] = 255;
  }
  return { width, height, rgba: new Uint8Array(rgba.buffer) };
}
