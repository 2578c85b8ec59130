/**
 * The noise of the dissolve mode: 0..1, the same for a pixel of the document in every run and on every device. A pixel
 * is shown opaque where its alpha is above it.
 */
export function dissolveThreshold(x: number, y: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h ^= h >>> 15;
  // 24 bits, so that single precision holds it exactly.
  return (h >>> 8) / 0x1000000;
}
