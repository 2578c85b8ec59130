import { type Raster, StudioError } from '../../../preload/contract/index.ts';

/** Pixels that take the place of others. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly raster: Raster;
}

/** Lays patches over a canvas; the canvas that was there stays as it was, since a job may be reading it. */
export function patchCanvas(canvas: Raster, patches: readonly Patch[]): Raster {
  if (patches.length === 0) return canvas;
  const rgba = new Uint8Array(canvas.rgba);
  for (const { x, y, raster } of patches) {
    if (x + raster.width > canvas.width || y + raster.height > canvas.height)
      throw outside(canvas, x, y, raster);
    for (let row = 0; row < raster.height; row++) {
      const from = row * raster.width * 4;
      rgba.set(raster.rgba.subarray(from, from + raster.width * 4), ((y + row) * canvas.width + x) * 4);
    }
  }
  return { width: canvas.width, height: canvas.height, rgba };
}

function outside(canvas: Raster, x: number, y: number, raster: Raster): StudioError {
  return new StudioError(
    'live/patch-outside',
    `A change of ${raster.width} × ${raster.height} at ${x}, ${y} does not lie in the live canvas of ${canvas.width} × ${canvas.height}. Live goes on with what it has.`,
    'Turn Live off and on again.',
  );
}
