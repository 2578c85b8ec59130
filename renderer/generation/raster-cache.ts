import type { Raster } from '../../preload/contract/index.ts';

/** Pictures that were fetched, the longest unseen let go when they hold more than so many bytes together. */
export class RasterCache {
  readonly #rasters = new Map<string, Raster>();
  readonly #budget: number;
  #bytes = 0;

  /** @param budget bytes; the newest picture is kept even where it alone holds more */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** A picture that is still here. */
  get(id: string): Raster | undefined {
    const raster = this.#rasters.get(id);
    if (raster === undefined) return undefined;
    // A Map keeps the order of insertion: the first is the longest unseen.
    this.#rasters.delete(id);
    this.#rasters.set(id, raster);
    return raster;
  }

  /** Keeps a picture, and lets go of others for it. */
  set(id: string, raster: Raster): void {
    this.#drop(id);
    this.#rasters.set(id, raster);
    this.#bytes += raster.rgba.byteLength;
    for (const [oldest] of this.#rasters) {
      if (this.#bytes <= this.#budget || oldest === id) return;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#rasters.get(id)?.rgba.byteLength ?? 0;
    this.#rasters.delete(id);
  }
}
