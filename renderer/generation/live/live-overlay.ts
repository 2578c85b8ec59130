import type { Raster } from '../../../preload/contract/index.ts';

/** A pressed nib, in working pixels, and how far around it nothing changes. */
export interface Nib {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/**
 * What Live shows over the picture, at working size: RGBA straight, alpha is the blend. A pixel that was painted after
 * the picture which it shows is bare, so that paint is seen at once. Within reach of pressed nibs pixels keep what
 * they show; {@link LiveOverlay.release} brings them up to date.
 */
export class LiveOverlay {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** The change up to which each pixel is shown; -1 before the first picture. */
  readonly #shown: Int32Array;
  #latest: { readonly number: number; readonly raster: Raster } | null = null;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgba = new Uint8ClampedArray(width * height * 4);
    this.#shown = new Int32Array(width * height).fill(-1);
  }

  /**
   * Takes a picture that shows all changes up to `number`.
   * @returns true when some of it is held back around a nib.
   */
  take(number: number, raster: Raster, paintedAt: Uint32Array, blend: number, nib: Nib | null): boolean {
    this.#latest = { number, raster };
    let heldBack = false;
    for (let y = 0; y < this.height; y++) {
      const within = nib && nib.radius ** 2 - (y - nib.y) ** 2;
      for (let x = 0; x < this.width; x++) {
        const pixel = y * this.width + x;
        if (nib && within !== null && (x - nib.x) ** 2 <= within) heldBack ||= this.#shown[pixel] !== number;
        else this.#show(pixel, number, raster, paintedAt, blend);
      }
    }
    return heldBack;
  }

  /** Shows the latest picture where it was held back. */
  release(paintedAt: Uint32Array, blend: number): void {
    const latest = this.#latest;
    if (latest) this.take(latest.number, latest.raster, paintedAt, blend, null);
  }

  /** Lays bare what was painted since its picture, within a rectangle. */
  bare(rect: { x: number; y: number; width: number; height: number }, paintedAt: Uint32Array): void {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        const pixel = y * this.width + x;
        if ((paintedAt[pixel] ?? 0) > (this.#shown[pixel] ?? -1)) this.rgba[pixel * 4 + 3] = 0;
      }
    }
  }

  #show(pixel: number, number: number, { rgba }: Raster, paintedAt: Uint32Array, blend: number): void {
    const at = pixel * 4;
    this.#shown[pixel] = number;
    this.rgba[at] = rgba[at] ?? 0;
    this.rgba[at + 1] = rgba[at + 1] ?? 0;
    this.rgba[at + 2] = rgba[at + 2] ?? 0;
    this.rgba[at + 3] = (paintedAt[pixel] ?? 0) > number ? 0 : (rgba[at + 3] ?? 0) * blend;
  }
}
