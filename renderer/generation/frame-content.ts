import type { PaintDocument } from '../engine/document.ts';
import { intersectRect, type Rect } from '../engine/geometry/rect.ts';
import type { Layer } from '../engine/layers/layer.ts';
import type { StoredTile } from '../engine/tiles/stored-tile.ts';
import { TILE_SIZE, tileRange, tileRect } from '../engine/tiles/tile.ts';

/** Tiles never change once they are made, so what was found of one holds for good. */
const flatTiles = new WeakMap<StoredTile, number | null>();

/**
 * The single colour of a whole tile as 32 bits, or null when it has several. Of a tile that is packed or away only a few
 * pixels are remembered: they decide, since this question is no reason to bring it.
 */
function flatColour(tile: StoredTile): number | null {
  const known = flatTiles.get(tile);
  if (known !== undefined) return known;
  const pixels = tile.unpacked;
  const words = wordsOf(pixels ?? tile.spots ?? new Uint8Array(0));
  const first = words[0];
  const flat = first !== undefined && words.every((word) => word === first) ? first : null;
  if (pixels) flatTiles.set(tile, flat);
  return flat;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function flatWithin(tile: StoredTile, tx: number, ty: number, rect: Rect): boolean {
  if (flatColour(tile) !== null) return true;
  const part = intersectRect(rect, tileRect(tx, ty));
  const pixels = tile.unpacked;
  if (!pixels || (part.width === TILE_SIZE && part.height === TILE_SIZE)) return false;
  const words = wordsOf(pixels);
  const at = (x: number, y: number): number | undefined =>
    words[(y - ty * TILE_SIZE) * TILE_SIZE + (x - tx * TILE_SIZE)];
  const first = at(part.x, part.y);
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++) if (at(x, y) !== first) return false;
  }
  return true;
}

/** True for paper: a layer that has one colour all over the canvas. */
export function isFlatLayer(layer: Pick<Layer, 'tiles'>, canvas: Rect): boolean {
  const range = tileRange(canvas);
  let colour: number | undefined;
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = layer.tiles.storedAt(tx, ty);
      const part = intersectRect(canvas, tileRect(tx, ty));
      if (!tile || !flatWithin(tile, tx, ty, part)) return false;
      const first = flatColour(tile) ?? wordsOf(tile.unpacked ?? new Uint8Array(0))[0];
      if (colour !== undefined && colour !== first) return false;
      colour = first;
    }
  }
  return true;
}

/**
 * True when something is drawn in a rectangle: some visible layer has more than flat tiles there. A sheet of one
 * colour counts as blank. Costs only tiles that were not looked at before.
 */
export function hasPicture(document: PaintDocument, rect: Rect): boolean {
  const hidden = new Set<string>();
  for (const layer of document.layers.all()) {
    const { record } = layer;
    const parentHidden = record.parent !== null && hidden.has(record.parent);
    if (parentHidden || !record.visible || record.opacity === 0 || record.guide) {
      hidden.add(record.id);
      continue;
    }
    const range = tileRange(rect);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const tile = layer.tiles.storedAt(tx, ty);
        if (tile && !flatWithin(tile, tx, ty, rect)) return true;
      }
    }
  }
  return false;
}
