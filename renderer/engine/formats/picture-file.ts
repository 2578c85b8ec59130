import { layerRecord, type LayerRecord } from '../layers/layer-record.ts';

/** Pixels of a layer: RGBA, straight alpha, row by row, in the picture's own depth and colour space. */
export interface PixelBlock {
  /** Place on the canvas of the block's top left pixel; may lie outside. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` values: bytes, or 0..65535. */
  readonly data: Uint8Array | Uint16Array;
}

/** Pixels of a layer mask: one value a pixel, 0 hides, the maximum shows. */
export interface MaskBlock {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `width * height` values in the picture's depth. */
  readonly data: Uint8Array | Uint16Array;
}

/** Values of whole rows, one strip of them after the other from the top. */
export type Strips = Iterable<Uint8Array | Uint16Array>;

/** Pixels, or a mask, of a layer that is too large to be held at once. */
export interface LayerStrips {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Reads them anew each time. */
  readonly strips: () => Strips;
}

/** A block as strips: one. */
export function inOneStrip(block: PixelBlock | null | undefined): LayerStrips | null {
  return block ? { ...block, strips: () => [block.data] } : null;
}

/** A tile of a document, as `tiles/tile.ts` has it, in the picture's depth. */
export interface FileTile {
  /** In tiles, not pixels. */
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array;
}

/** One layer of a picture file. Pixels are read when asked for, so that one layer at a time need be in memory. */
export interface FileLayer {
  readonly record: Omit<LayerRecord, 'id' | 'parent'>;
  /** Null for layers that have no pixels of their own. */
  readonly pixels: (() => Promise<PixelBlock | null>) | null;
  readonly mask: (() => Promise<MaskBlock | null>) | null;
  /** The pixels once more, for writers that need not hold a layer at once; where they can be had so. */
  readonly pixelStrips?: () => LayerStrips | null;
  /** In place of the pixels, and of the mask's: tiles one by one, of files that are made of tiles themselves. */
  readonly tiles?: () => Iterable<FileTile>;
  readonly maskTiles?: () => Iterable<FileTile>;
  /** Bottom to top. */
  readonly children: readonly FileLayer[];
}

/** A record with the usual values for what is not given. */
export function fileRecord(given: Partial<LayerRecord>): FileLayer['record'] {
  const { id: _id, parent: _parent, ...record } = layerRecord({ id: '', ...given });
  return record;
}

/** What happened, or will happen, to something that the other side does not know. */
export interface FileLoss {
  /** Name of the layer; null when the whole picture is meant. */
  readonly layer: string | null;
  /** In the terms of the format that has it, such as "Drop Shadow". */
  readonly feature: string;
  /** `pixels`: it looks the same and cannot be edited; `changed`: it looks nearly the same; `left-out`: it is gone. */
  readonly outcome: 'pixels' | 'changed' | 'left-out';
}

/** A line across the canvas to align to. */
export interface FileGuide {
  readonly direction: 'horizontal' | 'vertical';
  /** Pixels from the canvas' top or left. */
  readonly position: number;
}

/** Distance of the lines of a net across the canvas, in pixels. */
export interface FileGrid {
  readonly width: number;
  readonly height: number;
}

/** A layered picture as a file holds it. */
export interface LayeredPicture {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** The ICC profile that its numbers mean; null for sRGB. */
  readonly profile: Uint8Array | null;
  /** Pixels per inch; null when the file does not say. */
  readonly resolution: number | null;
  readonly guides: readonly FileGuide[];
  /** Null when the file does not say. */
  readonly grid: FileGrid | null;
  /** Bottom to top. */
  readonly layers: readonly FileLayer[];
  readonly losses: readonly FileLoss[];
}

/** A file that is not what it claims to be, or claims more than it may: one sentence, and what can be done. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly remedy: string;

  constructor(message: string, remedy = 'Open it in the program that made it and save it again.') {
    super(message);
    this.remedy = remedy;
  }
}

/** Longest edge of a canvas in pixels. */
export const MAX_EDGE = 16_384;
/** Most layers that one file may bring, groups counted. */
export const MAX_LAYERS = 8_000;
/** Deepest nesting of groups. */
export const MAX_DEPTH = 64;
