import type { PaintDocument } from '../document.ts';
import type { TileMap } from '../tiles/tile-map.ts';
import { tileSamples, type PixelFormat, type Samples } from '../tiles/tile.ts';
import type { Layer, PlaneName } from './layer.ts';
import { paintableLayer } from './paintable-layer.ts';

/**
 * What brushes and fills write into, whatever its depth and number of channels: a layer's pixels, or its mask. On a mask a
 * colour counts as its luma, and there is no alpha: erasing hides (0).
 */
export class PaintTarget {
  readonly layer: Layer;
  readonly plane: PlaneName;

  /** @throws EngineError as `paintableLayer`. */
  constructor(document: PaintDocument, layerId: string, plane: PlaneName = 'pixels') {
    this.layer = paintableLayer(document, layerId, plane);
    this.plane = plane;
  }

  get tiles(): TileMap {
    return this.layer.plane(this.plane).tiles;
  }

  get format(): PixelFormat {
    return this.tiles.format;
  }

  /** Colours change, alpha never. */
  get alphaLocked(): boolean {
    return this.plane === 'pixels' && this.layer.record.alphaLocked;
  }

  /** Value of every channel where there is no tile. */
  get outside(): number {
    return this.plane === 'pixels' ? 0 : this.layer.maskOutside;
  }

  /** A tile's channels, or undefined where there is none. Do not write into them. */
  samples(tx: number, ty: number): Samples | undefined {
    const tile = this.tiles.get(tx, ty);
    return tile && tileSamples(tile, this.format);
  }

  /** A tile to be written into: a copy, or what stands where there is none. */
  copy(tx: number, ty: number): Uint8Array {
    const tile = this.tiles.get(tx, ty);
    if (tile) return Uint8Array.from(tile);
    const made = new Uint8Array(this.format.tileBytes);
    if (this.outside > 0) tileSamples(made, this.format).fill(this.outside);
    return made;
  }

  /** What a written tile is to be stored as: null where nothing is left of it. */
  stored(data: Uint8Array): Uint8Array | null {
    const samples = tileSamples(data, this.format);
    if (this.plane === 'mask') {
      const { outside } = this;
      for (const value of samples) if (value !== outside) return data;
      return null;
    }
    for (let i = 3; i < samples.length; i += 4) if (samples[i] !== 0) return data;
    return null;
  }
}
