/**
 * The average colour of pixels, weighted by alpha, so that transparent ones lend none.
 * @param pixels RGBA8 straight.
 * @returns channels 0..255, or null when nothing is seen.
 */
export function averageColour(pixels: Uint8Array | Uint8ClampedArray): [number, number, number] | null {
  const sum = [0, 0, 0];
  let alpha = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const weight = pixels[i + 3] ?? 0;
    alpha += weight;
    for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + (pixels[i + k] ?? 0) * weight;
  }
  if (alpha === 0) return null;
  const [red = 0, green = 0, blue = 0] = sum.map((value) => Math.round(value / alpha));
  return [red, green, blue];
}
