import type { Raster } from '../../../../../preload/contract/index.ts';

/** A grey picture by a formula, opaque unless `alpha` says otherwise. */
export function paint(
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
  alpha: (x: number, y: number) => number = () => 255,
): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const value = grey(x, y);
    rgba.set([value, value, value, alpha(x, y)], 4 * i);
  }
  return { width, height, rgba };
}

/** The red channel, once it was checked that the picture is grey and opaque. */
export function edgesOf({ rgba, width, height }: Raster): Uint8Array {
  const values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const [r, g, b, a] = rgba.subarray(4 * i, 4 * i + 4);
    if (r !== g || g !== b || a !== 255) throw new Error(`pixel ${i} is ${r}, ${g}, ${b}, ${a}`);
    values[i] = r!;
  }
  return values;
}
