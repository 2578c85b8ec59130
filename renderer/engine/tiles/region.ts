import { EngineError } from '../error.ts';
import { intersectRect, type Rect } from '../geometry/rect.ts';
import { RGBA8, TILE_SIZE, tileRange, tileRect, type TileChange, type TilePixels } from './tile.ts';

/** Anything that tiles can be read from: a layer's pixels, or a layer with a stroke in progress over it. */
export interface TileSource {
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

/**
 * Copies a rectangle of pixels out of tiles.
 * @returns RGBA8 straight alpha, row by row, `width * height * 4` bytes; transparent black where no tile is.
 * @throws EngineError `invalid-size` beyond 16384 × 16384 pixels.
 */
export function readRegion(source: TileSource, rect: Rect): Uint8ClampedArray<ArrayBuffer> {
  checkRegion(rect);
  const out = new Uint8ClampedArray(rect.width * rect.height * 4);
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = source.get(tx, ty);
      if (!tile) continue;
      const part = intersectRect(rect, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * 4;
        out.set(
          tile.subarray(from, from + part.width * 4),
          ((y - rect.y) * rect.width + (part.x - rect.x)) * 4,
        );
      }
    }
  }
  return out;
}

function isTransparent(data: Uint8Array): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) return false;
  return true;
}

/**
 * The tile changes that put a rectangle of pixels into a layer, replacing what is there.
 * @param source the layer's present tiles, so that pixels of a tile outside the rectangle stay.
 * @param pixels RGBA8 straight alpha, `rect.width * rect.height * 4` bytes.
 * @returns changed tiles only; a tile that becomes all zero is null.
 * @throws EngineError `invalid-size` when the pixels do not fit the rectangle.
 */
export function writeRegion(source: TileSource, rect: Rect, pixels: TilePixels): TileChange[] {
  checkRegion(rect);
  if (pixels.length !== rect.width * rect.height * 4) {
    throw new EngineError(
      'invalid-size',
      `${pixels.length} bytes were given for ${rect.width} × ${rect.height} pixels, which need ${rect.width * rect.height * 4}.`,
    );
  }
  const changes: TileChange[] = [];
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const before = source.get(tx, ty);
      const data = before ? Uint8Array.from(before) : new Uint8Array(RGBA8.tileBytes);
      const part = intersectRect(rect, tileRect(tx, ty));
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = ((y - rect.y) * rect.width + (part.x - rect.x)) * 4;
        const to = ((y - ty * TILE_SIZE) * TILE_SIZE + (part.x - tx * TILE_SIZE)) * 4;
        data.set(pixels.subarray(from, from + part.width * 4), to);
      }
      const empty = isTransparent(data);
      if (before || !empty) changes.push({ x: tx, y: ty, data: empty ? null : data });
    }
  }
  return changes;
}
