import { pixelChange, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import type { LayerOverlay } from '../layers/layer.ts';
import { tileDifference } from '../tiles/difference.ts';
import type { RegionPixels } from '../tiles/region.ts';
import {
  tileKey,
  tileRange,
  tileRect,
  tileSamples,
  TILE_SIZE,
  type Samples,
  type TileChange,
} from '../tiles/tile.ts';
import type { Lifted } from './lift.ts';

/** What of `to` the moved pixels are; RGBA straight, as deep as the lifted ones. */
export type Placing = (to: Rect) => RegionPixels;

/** Lays straight pixels of a rectangle over a tile's samples, source-over. */
function layOver(
  samples: Samples,
  part: Rect,
  tx: number,
  ty: number,
  pixels: RegionPixels,
  maximum: number,
): void {
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const from = (y * part.width + x) * 4;
      const over = pixels[from + 3] as number;
      if (over === 0) continue;
      const to = ((part.y + y - ty * TILE_SIZE) * TILE_SIZE + part.x + x - tx * TILE_SIZE) * 4;
      const under = samples[to + 3] as number;
      if (over === maximum || under === 0) {
        for (let k = 0; k < 4; k++) samples[to + k] = pixels[from + k] as number;
        continue;
      }
      const left = (under * (maximum - over)) / maximum;
      const alpha = over + left;
      for (let k = 0; k < 3; k++)
        samples[to + k] = Math.round(
          ((pixels[from + k] as number) * over + (samples[to + k] as number) * left) / alpha,
        );
      samples[to + 3] = Math.round(alpha);
    }
  }
}

/** Lays the picture of a mask over a mask's samples. */
function layMask(
  samples: Samples,
  part: Rect,
  tx: number,
  ty: number,
  pixels: RegionPixels,
  maximum: number,
): void {
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const from = (y * part.width + x) * 4;
      const share = (pixels[from + 3] as number) / 65535;
      if (share === 0) continue;
      const to = (part.y + y - ty * TILE_SIZE) * TILE_SIZE + part.x + x - tx * TILE_SIZE;
      const under = samples[to] as number;
      const over = ((pixels[from] as number) / 65535) * maximum;
      samples[to] = Math.round(under + (over - under) * share);
    }
  }
}

function placedTile(
  { rest, plane, outside }: Lifted,
  placing: Placing,
  bounds: Rect,
  tx: number,
  ty: number,
): Uint8Array | undefined {
  const part = intersectRect(bounds, tileRect(tx, ty));
  const under = rest.get(tx, ty);
  if (isEmptyRect(part)) return under;
  const { format } = rest;
  const data = under ? Uint8Array.from(under) : new Uint8Array(format.tileBytes);
  const samples = tileSamples(data, format);
  if (!under && outside > 0) samples.fill(outside);
  const lay = plane === 'pixels' ? layOver : layMask;
  lay(samples, part, tx, ty, placing(part), format.maximum);
  return data;
}

/**
 * Puts lifted pixels down again.
 * @param bounds outside which `placing` gives nothing.
 * @returns the change, or nothing when no pixel differs.
 */
export function placeChanges(
  document: PaintDocument,
  lifted: Lifted,
  bounds: Rect,
  placing: Placing,
): Change[] {
  const { layerId, plane, outside, rest } = lifted;
  const { tiles: present, format } = document.layers.get(layerId).plane(plane);
  const tiles: TileChange[] = [];
  const range = tileRange(unionRect(bounds, unionRect(present.bounds(), rest.bounds())));
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const before = present.get(tx, ty) ?? null;
      const after = placedTile(lifted, placing, bounds, tx, ty) ?? null;
      if (!before && !after) continue;
      if (isEmptyRect(tileDifference(before, after, format, outside))) continue;
      const plain = !after || tileSamples(after, format).every((value) => value === outside);
      tiles.push({ x: tx, y: ty, data: plain ? null : after });
    }
  }
  return tiles.length > 0 ? [pixelChange(plane, layerId, tiles)] : [];
}

/** What `placeChanges` would write, to be looked at; tiles are made when they are asked for. */
export function placeOverlay(
  document: PaintDocument,
  lifted: Lifted,
  bounds: Rect,
  placing: Placing,
): LayerOverlay {
  const { tiles, format } = document.layers.get(lifted.layerId).plane(lifted.plane);
  const empty = new Uint8Array(format.tileBytes);
  tileSamples(empty, format).fill(lifted.outside);
  const made = new Map<number, Uint8Array>();
  return {
    bounds: unionRect(bounds, tiles.bounds()),
    get(tx, ty) {
      const key = tileKey(tx, ty);
      const known = made.get(key);
      if (known) return known;
      const tile = placedTile(lifted, placing, bounds, tx, ty) ?? empty;
      made.set(key, tile);
      return tile;
    },
  };
}
