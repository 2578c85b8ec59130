import { colourFormat, maskFormat, type BitDepth, type PixelFormat } from '../tiles/tile.ts';
import { TileMap } from '../tiles/tile-map.ts';
import type { Rect } from '../geometry/rect.ts';
import { SoftMask } from '../mask/soft-mask.ts';
import type { LayerRecord } from './layer-record.ts';

/**
 * Pixels shown in place of a layer's own while something unfinished (a stroke) lies over it. What it returns is what
 * the layer would hold if it were finished now, so what is seen is what will be written, bit for bit.
 */
export interface LayerOverlay {
  /** What it may differ in, in document pixels. */
  readonly bounds: Rect;
  /** The replacement of tile (tx, ty), in the plane's format, or undefined where the plane's own tile stands. */
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** Which of a layer's pixels: its own, or its mask's. */
export type PlaneName = 'pixels' | 'mask';

/** One kind of pixels of a layer, and something unfinished over them. */
export class LayerPlane {
  readonly tiles: TileMap;
  overlay: LayerOverlay | null = null;

  constructor(format: PixelFormat) {
    this.tiles = new TileMap(format);
  }

  get format(): PixelFormat {
    return this.tiles.format;
  }

  /** The pixels of a tile as they are to be seen now. */
  get(tx: number, ty: number): Uint8Array | undefined {
    return this.overlay?.get(tx, ty) ?? this.tiles.get(tx, ty);
  }
}

/** One layer in memory: its record, its pixels (none for a group, a fill or an adjustment) and those of its mask. */
export class Layer {
  record: LayerRecord;
  readonly pixels: LayerPlane;
  /** Empty while the record has no mask. */
  readonly mask: LayerPlane;
  #soft: { readonly key: string; readonly mask: SoftMask } | null = null;

  constructor(record: LayerRecord, depth: BitDepth = 8) {
    this.record = record;
    this.pixels = new LayerPlane(colourFormat(depth));
    this.mask = new LayerPlane(maskFormat(depth));
  }

  /** Its own pixels. */
  get tiles(): TileMap {
    return this.pixels.tiles;
  }

  /** What lies unfinished over its own pixels. */
  get overlay(): LayerOverlay | null {
    return this.pixels.overlay;
  }

  get format(): PixelFormat {
    return this.pixels.format;
  }

  /** One kind of its pixels. */
  plane(name: PlaneName): LayerPlane {
    return this[name];
  }

  /** The value, as stored, of mask pixels where the mask has no tile. */
  get maskOutside(): number {
    return Math.round((this.record.mask?.outside ?? 1) * this.mask.format.maximum);
  }

  /**
   * A tile of its mask as it counts, softened by the mask's feather; undefined where the outside value is everywhere.
   * @param canvas of the document; a soft edge does not fade where it ends.
   */
  maskTile(tx: number, ty: number, canvas: Rect): Uint8Array | undefined {
    const feather = this.record.mask?.feather ?? 0;
    if (feather === 0) return this.mask.get(tx, ty);
    const { width, height } = canvas;
    const key = `${feather} ${this.maskOutside} ${width} ${height} ${this.mask.format.id}`;
    if (this.#soft?.key !== key)
      this.#soft = { key, mask: new SoftMask(this.mask, this.maskOutside, canvas, feather) };
    return this.#soft.mask.get(tx, ty);
  }

  /** Makes anew what was softened of its mask: of a rectangle, or of all. */
  forgetSoftMask(rect?: Rect): void {
    if (rect) this.#soft?.mask.invalidate(rect);
    else this.#soft = null;
  }

  /** Shows another document's layer: its pixels and its mask's, shared and not copied. Both have one depth. */
  share(from: Layer): void {
    this.tiles.share(from.tiles);
    this.mask.tiles.share(from.mask.tiles);
  }

  /** Its own pixels of a tile as they are to be seen now. */
  get(tx: number, ty: number): Uint8Array | undefined {
    return this.pixels.get(tx, ty);
  }
}
