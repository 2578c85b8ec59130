import { EngineError } from '../error.ts';
import { intersectRect, type Rect } from '../geometry/rect.ts';
import {
  RGBA8,
  TILE_SIZE,
  tileRange,
  tileRect,
  tileSamples,
  type PixelFormat,
  type TileChange,
  type TilePixels,
} from './tile.ts';

/** Anything that tiles can be read from: a layer's pixels, or a layer with a stroke in progress over it. */
export interface TileSource {
  /** How its tiles are stored; 8-bit RGBA unless told. */
  readonly format?: PixelFormat;
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** Largest region that is read or written in one piece: 16384 × 16384 pixels. */
const REGION_PIXEL_LIMIT = 16384 * 16384;

function checkRegion(rect: Rect): void {
  const whole = [rect.x, rect.y, rect.width, rect.height].every(Number.isInteger);
  if (!whole || rect.width < 0 || rect.height < 0 || rect.width * rect.height > REGION_PIXEL_LIMIT) {
    throw new EngineError(
      'invalid-size',
      `A region of ${rect.width} × ${rect.height} pixels cannot be read.`,
    );
  }
}

/** Pixels row by row: 8 or 16 bits a channel. */
export type RegionPixels = TilePixels | Uint16Array;

function readInto(source: TileSource, rect: Rect, format: PixelFormat, out: RegionPixels): void {
  const { channels } = format;
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = source.get(tx, ty);
      if (!tile) continue;
      const samples = tileSamples(tile, format);
      const part = intersectRect(rect, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * channels;
        out.set(
          samples.subarray(from, from + part.width * channels),
          ((y - rect.y) * rect.width + (part.x - rect.x)) * channels,
        );
      }
    }
  }
}

/**
 * Copies a rectangle of pixels out of tiles as 8-bit RGBA, whatever the depth of the document.
 * @returns RGBA8 straight alpha, row by row, `width * height * 4` bytes; transparent black where no tile is.
 * @throws EngineError `invalid-size` beyond 16384 × 16384 pixels.
 */
export function readRegion(source: TileSource, rect: Rect): Uint8ClampedArray<ArrayBuffer> {
  checkRegion(rect);
  const out = new Uint8ClampedArray(rect.width * rect.height * 4);
  const format = source.format ?? RGBA8;
  if (format.depth === 8) {
    readInto(source, rect, format, out);
    return out;
  }
  const deep = new Uint16Array(out.length);
  readInto(source, rect, format, deep);
  for (let i = 0; i < out.length; i++) out[i] = (deep[i] as number) / 257;
  return out;
}

/**
 * Copies a rectangle of pixels out of tiles in their own depth, so that nothing is lost.
 * @returns RGBA straight, row by row: bytes from 8-bit tiles, 16-bit values from others; zeros where no tile is.
 * @throws EngineError `invalid-size` beyond 16384 × 16384 pixels.
 */
export function readDeepRegion(
  source: TileSource,
  rect: Rect,
): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const format = source.format ?? RGBA8;
  if (format.depth === 8) return readRegion(source, rect);
  checkRegion(rect);
  const out = new Uint16Array(rect.width * rect.height * 4);
  readInto(source, rect, format, out);
  return out;
}

function isTransparent(data: Uint8Array): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) return false;
  return true;
}

/** What a value of pixels of one depth is multiplied by to be one of another. */
function depthFactor(pixels: RegionPixels, { depth }: PixelFormat): number {
  const given = pixels instanceof Uint16Array ? 16 : 8;
  return given === depth ? 1 : depth === 16 ? 257 : 1 / 257;
}

/**
 * The tile changes that put a rectangle of pixels into a layer, replacing what is there. Pixels of another depth than the
 * layer's are converted, to the nearest value.
 * @param source the layer's present tiles, so that pixels of a tile outside the rectangle stay.
 * @param pixels RGBA straight alpha, `rect.width * rect.height * 4` values.
 * @returns changed tiles only; a tile that becomes all zero is null.
 * @throws EngineError `invalid-size` when the pixels do not fit the rectangle.
 */
export function writeRegion(source: TileSource, rect: Rect, pixels: RegionPixels): TileChange[] {
  checkRegion(rect);
  if (pixels.length !== rect.width * rect.height * 4) {
    throw new EngineError(
      'invalid-size',
      `${pixels.length} values were given for ${rect.width} × ${rect.height} pixels, which need ${rect.width * rect.height * 4}.`,
    );
  }
  const format = source.format ?? RGBA8;
  const factor = depthFactor(pixels, format);
  const changes: TileChange[] = [];
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const before = source.get(tx, ty);
      const data = before ? Uint8Array.from(before) : new Uint8Array(format.tileBytes);
      const samples = tileSamples(data, format);
      const part = intersectRect(rect, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - rect.y) * rect.width + (part.x - rect.x)) * 4;
        const to = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * 4;
        const row = pixels.subarray(from, from + part.width * 4);
        if (factor === 1) samples.set(row, to);
        else for (let i = 0; i < row.length; i++) samples[to + i] = ((row[i] as number) * factor + 0.5) | 0;
      }
      const empty = isTransparent(data);
      if (before || !empty) changes.push({ x: tx, y: ty, data: empty ? null : data });
    }
  }
  return changes;
}
