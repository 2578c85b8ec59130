import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import {
  type PixelFormat,
  TILE_SIZE,
  tileKey,
  tileKeyX,
  tileKeyY,
  tileRange,
  tileRect,
  tileSamples,
} from '../tiles/tile.ts';
import type { FileTile } from './picture-file.ts';

/** A tile of a file, smaller than a document's. */
export interface SmallTile extends Rect {
  /**
   * Unpacks its values: as many a pixel as the format has channels, row by row, in the document's depth.
   * @throws FormatError
   */
  readonly read: () => Uint8Array | Uint16Array;
}

/** What is made of small tiles. */
export interface TileLayout {
  readonly format: PixelFormat;
  /** What is beyond is left out. */
  readonly within: Rect;
  /** The value of each channel where there is no tile: covers the canvas where it is not `outside`. */
  readonly empty: readonly number[];
  readonly canvas: Rect;
  /** The value of all channels for which no tile need be kept. */
  readonly outside: number;
}

/** What of a layer beyond the canvas is kept: as much again on each side. */
export function keptAround({ width, height }: Rect): Rect {
  return { x: -width, y: -height, width: 3 * width, height: 3 * height };
}

/**
 * Small tiles as tiles of a document, one by one; those of nothing but the outside value are left out. Never more than one of
 * either kind is unpacked.
 * @throws FormatError
 */
export function* documentTiles(small: Iterable<SmallTile>, layout: TileLayout): Generator<FileTile> {
  const { format, empty, outside, canvas, within } = layout;
  const { channels } = format;
  const isFilled = empty.some((value) => value !== outside);
  const parts = new Map<number, SmallTile[]>();
  const cover = (rect: Rect, tile: SmallTile | null): void => {
    const seen = intersectRect(rect, within);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const key = tileKey(tx, ty);
        const known = parts.get(key) ?? [];
        if (known.length === 0) parts.set(key, known);
        if (tile) known.push(tile);
      }
    }
  };
  if (isFilled) cover(canvas, null);
  for (const tile of small) cover(tile, tile);
  for (const [key, tiles] of parts) {
    const at = { x: tileKeyX(key), y: tileKeyY(key) };
    const data = new Uint8Array(format.tileBytes);
    const samples = tileSamples(data, format);
    if (isFilled || outside !== 0)
      for (let i = 0; i < samples.length; i++) samples[i] = empty[i % channels] as number;
    for (const tile of tiles) {
      const values = tile.read();
      const part = intersectRect(tile, tileRect(at.x, at.y));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - tile.y) * tile.width + (part.x - tile.x)) * channels;
        const to = ((y - at.y * TILE_SIZE) * TILE_SIZE + (part.x - at.x * TILE_SIZE)) * channels;
        samples.set(values.subarray(from, from + part.width * channels), to);
      }
    }
    if (samples.some((value) => value !== outside)) yield { ...at, data };
  }
}
