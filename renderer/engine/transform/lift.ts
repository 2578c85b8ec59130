import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, unionRect, EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import { changeableLayer, paintableLayer } from '../layers/paintable-layer.ts';
import type { Layer, LayerOverlay } from '../layers/layer.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { tileDifference } from '../tiles/difference.ts';
import { readDeepRegion, type RegionPixels } from '../tiles/region.ts';
import { TileMap } from '../tiles/tile-map.ts';
import { tileKey, tileRange, tileRect, tileSamples, TILE_SIZE, type TileChange } from '../tiles/tile.ts';

/** Pixels taken up from a layer, to be put down elsewhere, and what is left without them. */
export interface Lifted {
  readonly layerId: string;
  /** RGBA straight of `rect`, as deep as the layer. */
  readonly pixels: RegionPixels;
  readonly rect: Rect;
  /** The layer's tiles without what was taken up. */
  readonly rest: TileMap;
}

/** What of `to` the moved pixels are; RGBA straight, as deep as the lifted ones. */
export type Placing = (to: Rect) => RegionPixels;

function tightBounds(pixels: RegionPixels, rect: Rect): Rect {
  let left = rect.width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      if (pixels[(y * rect.width + x) * 4 + 3] === 0) continue;
      if (top < 0) top = y;
      bottom = y;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (top < 0) return EMPTY_RECT;
  return { x: rect.x + left, y: rect.y + top, width: right - left + 1, height: bottom - top + 1 };
}

function cut(pixels: RegionPixels, from: Rect, to: Rect): RegionPixels {
  const out =
    pixels instanceof Uint16Array
      ? new Uint16Array(to.width * to.height * 4)
      : new Uint8ClampedArray(to.width * to.height * 4);
  for (let y = 0; y < to.height; y++) {
    const at = ((y + to.y - from.y) * from.width + to.x - from.x) * 4;
    out.set(pixels.subarray(at, at + to.width * 4), y * to.width * 4);
  }
  return out;
}

/** The rest of a layer where part of each selected pixel is taken away: its alpha times what is not selected. */
function restOf(layer: Layer, mask: SelectionMask | null): TileMap {
  const rest = new TileMap(layer.format);
  if (!mask) return rest;
  for (const { x: tx, y: ty, data } of layer.tiles.entries()) {
    const selection = mask.get(tx, ty);
    if (!selection) {
      rest.replace(tx, ty, data);
      continue;
    }
    const kept = Uint8Array.from(data);
    const samples = tileSamples(kept, layer.format);
    let any = false;
    for (let i = 0; i < TILE_SIZE * TILE_SIZE; i++) {
      const alpha = Math.round(((samples[i * 4 + 3] as number) * (255 - (selection[i] as number))) / 255);
      samples[i * 4 + 3] = alpha;
      if (alpha === 0) samples.fill(0, i * 4, i * 4 + 3);
      else any = true;
    }
    if (any) rest.replace(tx, ty, kept);
  }
  return rest;
}

/**
 * Takes up a layer's pixels, or the selected part of them.
 * @returns null when there is nothing to take up.
 * @throws EngineError as `changeableLayer`; a part of text is refused as `paintableLayer` does.
 */
export function liftPixels(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask | null,
): Lifted | null {
  const layer = mask ? paintableLayer(document, layerId) : changeableLayer(document, layerId);
  const reach = layer.tiles.bounds();
  const region = mask ? intersectRect(reach, mask.bounds()) : reach;
  if (isEmptyRect(region)) return null;
  const pixels = readDeepRegion(layer.tiles, region);
  if (mask) {
    const selected = mask.read(region);
    for (let i = 0; i < selected.length; i++)
      pixels[i * 4 + 3] = Math.round(((pixels[i * 4 + 3] as number) * (selected[i] as number)) / 255);
  }
  const rect = tightBounds(pixels, region);
  if (isEmptyRect(rect)) return null;
  return { layerId, pixels: cut(pixels, region, rect), rect, rest: restOf(layer, mask) };
}

/** Lays straight pixels of a rectangle over a tile's samples, source-over. */
function layOver(
  samples: Uint8Array | Uint16Array,
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

function placedTile(
  { rest }: Lifted,
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
  layOver(tileSamples(data, format), part, tx, ty, placing(part), format.maximum);
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
  const layer = document.layers.get(lifted.layerId);
  const tiles: TileChange[] = [];
  const range = tileRange(unionRect(bounds, unionRect(layer.tiles.bounds(), lifted.rest.bounds())));
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const before = layer.tiles.get(tx, ty) ?? null;
      const after = placedTile(lifted, placing, bounds, tx, ty) ?? null;
      if (!before && !after) continue;
      if (isEmptyRect(tileDifference(before, after, layer.format))) continue;
      tiles.push({ x: tx, y: ty, data: after?.some((value) => value !== 0) ? after : null });
    }
  }
  return tiles.length > 0 ? [{ type: 'tiles', layerId: lifted.layerId, tiles }] : [];
}

/** What `placeChanges` would write, to be looked at; tiles are made when they are asked for. */
export function placeOverlay(
  document: PaintDocument,
  lifted: Lifted,
  bounds: Rect,
  placing: Placing,
): LayerOverlay {
  const layer = document.layers.get(lifted.layerId);
  const empty = new Uint8Array(layer.format.tileBytes);
  const made = new Map<number, Uint8Array>();
  return {
    bounds: unionRect(bounds, layer.tiles.bounds()),
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
