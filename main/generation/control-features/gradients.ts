/** Brightness gradients of a picture, as whole numbers. */
export interface Gradients {
  readonly width: number;
  readonly height: number;
  /** Towards the right and downwards, `width × height`; Sobel sums, so eight times the slope per pixel. */
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  /** |dx| + |dy| */
  readonly magnitude: Int32Array;
}

/**
 * Sobel gradients (3 × 3) of an RGB picture, at each pixel those of the channel that changes most there; pixels beyond
 * the border repeat the outermost ones.
 *
 * @param rgb 8 bit, `width × height × 3`
 */
export function sobelGradients(rgb: Uint8Array, width: number, height: number): Gradients {
  const count = width * height;
  const dx = new Int16Array(count);
  const dy = new Int16Array(count);
  const magnitude = new Int32Array(count).fill(-1);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const here = y * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      for (let channel = 0; channel < 3; channel++) {
        const at = (row: number, column: number): number => rgb[3 * (row + column) + channel] ?? 0;
        const topLeft = at(above, left);
        const topRight = at(above, right);
        const bottomLeft = at(below, left);
        const bottomRight = at(below, right);
        const gx = topRight - topLeft + 2 * (at(here, right) - at(here, left)) + bottomRight - bottomLeft;
        const gy = bottomLeft - topLeft + 2 * (at(below, x) - at(above, x)) + bottomRight - topRight;
        const sum = Math.abs(gx) + Math.abs(gy);
        if (sum <= (magnitude[here + x] ?? 0)) continue;
        dx[here + x] = gx;
        dy[here + x] = gy;
        magnitude[here + x] = sum;
      }
    }
  }
  return { width, height, dx, dy, magnitude };
}
