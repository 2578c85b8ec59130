import { intersectRect, isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import type { Layer } from '../engine/layers/layer.ts';
import { SPOTS, type StoredTile } from '../engine/tiles/stored-tile.ts';
import { TILE_SIZE, type PixelFormat, tileRange, tileRect, tileSamples } from '../engine/tiles/tile.ts';

/** Coverage on a grid of a rectangle's pixels. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** 0..255 a point. */
  readonly coverage: Uint8Array;
}

/** Alpha, 0..255, at every `step`th pixel of a tile, counted from a first one. */
interface TilePoints {
  readonly key: string;
  readonly alpha: Uint8Array;
}

/** What was found of a tile last: it never changes, and most tiles are the same after a stroke. */
const found = new WeakMap<StoredTile, TilePoints>();

/**
 * How much layers cover a rectangle together, at every `step`th pixel of every `step`th row. With a step of 1 every pixel is
 * read; otherwise what is packed or away is judged by the few pixels that are remembered of it.
 */
export function coverageOf(layers: readonly Layer[], rect: Rect, step: number): Grid {
  const [width, height] = [Math.ceil(rect.width / step), Math.ceil(rect.height / step)];
  const coverage = new Uint8Array(width * height);
  const range = tileRange(rect);
  for (const layer of layers) {
    if (layer.tiles.size === 0) continue;
    const { opacity } = layer.record;
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const tile = layer.tiles.storedAt(tx, ty);
        if (!tile) continue;
        const part = pointsWithin(rect, step, tx, ty);
        if (isEmptyRect(part)) continue;
        const alpha = alphaOf(tile, layer.format, part, rect, step, tx, ty);
        for (let y = 0, from = 0; y < part.height; y++) {
          for (let x = 0, at = (part.y + y) * width + part.x; x < part.width; x++, at++, from++) {
            const under = coverage[at] as number;
            coverage[at] = under + (alpha[from] as number) * opacity * (1 - under / 255) + 0.5;
          }
        }
      }
    }
  }
  return { width, height, coverage };
}

/** The points of the grid that lie in a tile. */
function pointsWithin(rect: Rect, step: number, tx: number, ty: number): Rect {
  const part = intersectRect(rect, tileRect(tx, ty));
  const x = Math.ceil((part.x - rect.x) / step);
  const y = Math.ceil((part.y - rect.y) / step);
  return {
    x,
    y,
    width: Math.ceil((part.x + part.width - rect.x) / step) - x,
    height: Math.ceil((part.y + part.height - rect.y) / step) - y,
  };
}

function alphaOf(
  tile: StoredTile,
  format: PixelFormat,
  part: Rect,
  rect: Rect,
  step: number,
  tx: number,
  ty: number,
): Uint8Array {
  const left = rect.x + part.x * step - tx * TILE_SIZE;
  const top = rect.y + part.y * step - ty * TILE_SIZE;
  const key = `${step} ${left} ${top} ${part.width} ${part.height}`;
  const kept = found.get(tile);
  if (kept?.key === key) return kept.alpha;
  const pixels = step === 1 ? tile.peek() : tile.unpacked;
  const data = pixels ?? tile.spots;
  const alpha = new Uint8Array(part.width * part.height);
  if (!data) return alpha;
  const samples = tileSamples(data, format);
  const shrunk = pixels ? 1 : TILE_SIZE / SPOTS;
  const rowLength = TILE_SIZE / shrunk;
  for (let y = 0, at = 0; y < part.height; y++) {
    const row = Math.floor((top + y * step) / shrunk) * rowLength;
    for (let x = 0; x < part.width; x++, at++) {
      const i = row + Math.floor((left + x * step) / shrunk);
      alpha[at] = ((samples[4 * i + 3] as number) * 255) / format.maximum;
    }
  }
  if (pixels && step > 1) found.set(tile, { key, alpha });
  return alpha;
}
