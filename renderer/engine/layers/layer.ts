import { TileMap } from '../tiles/tile-map.ts';
import type { Rect } from '../geometry/rect.ts';
import type { LayerRecord } from './layer-record.ts';

/**
 * Pixels shown in place of a layer's own while something unfinished (a stroke) lies over it. What it returns is what
 * the layer would hold if it were finished now, so what is seen is what will be written, bit for bit.
 */
export interface LayerOverlay {
  /** What it may differ in, in document pixels. */
  readonly bounds: Rect;
  /** The replacement of tile (tx, ty), or undefined where the layer's own tile stands. */
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** One layer in memory: its record, its pixels (none for a group), and a stroke in progress. */
export class Layer {
  record: LayerRecord;
  readonly tiles = new TileMap();
  overlay: LayerOverlay | null = null;

  constructor(record: LayerRecord) {
    this.record = record;
  }

  /** The pixels of a tile as they are to be seen now. */
  get(tx: number, ty: number): Uint8Array | undefined {
    return this.overlay?.get(tx, ty) ?? this.tiles.get(tx, ty);
  }
}
