import { joinTiles } from '../../../renderer/engine/formats/cut-tiles.ts';
import type { LayerStrips, Strips } from '../../../renderer/engine/formats/picture-file.ts';
import {
  EMPTY_RECT,
  intersectRect,
  isEmptyRect,
  type Rect,
  unionRect,
} from '../../../renderer/engine/geometry/rect.ts';
import {
  type PixelFormat,
  TILE_SIZE,
  tileRange,
  tileRect,
  tileSamples,
} from '../../../renderer/engine/tiles/tile.ts';
import type { StoredDocument } from '../document.ts';

/** A layer's pixels a row of tiles at a time, cut to what is not empty; null when everything is. */
export function stripsOfLayer(document: StoredDocument, id: string, format: PixelFormat): LayerStrips | null {
  const used = usedPart(document, id, format);
  if (isEmptyRect(used)) return null;
  return { ...used, strips: () => read(document, id, format, used) };
}

function* read(document: StoredDocument, id: string, format: PixelFormat, used: Rect): Strips {
  const { y0, y1 } = tileRange(used);
  for (let row = y0; row < y1; row++) {
    const strip = intersectRect(used, { ...used, y: row * TILE_SIZE, height: TILE_SIZE });
    yield joinTiles(document.readLayer(id, { from: row, to: row + 1 }), strip, format);
  }
}

/** The smallest rectangle that holds every pixel that is not all zero. */
function usedPart(document: StoredDocument, id: string, format: PixelFormat): Rect {
  const known = new Map<Uint8Array, Rect>();
  let used = EMPTY_RECT;
  for (const { from, to } of document.rowsOf(id)) {
    for (const { x, y, data } of document.readLayer(id, { from, to })) {
      const { x: left, y: top } = tileRect(x, y);
      // A tile within what is known already adds nothing.
      const whole = tileRect(x, y);
      const inside = intersectRect(whole, used);
      if (inside.width === TILE_SIZE && inside.height === TILE_SIZE) continue;
      const part = known.get(data) ?? usedInTile(data, format);
      known.set(data, part);
      if (!isEmptyRect(part)) used = unionRect(used, { ...part, x: left + part.x, y: top + part.y });
    }
    known.clear();
  }
  return used;
}

function usedInTile(data: Uint8Array, format: PixelFormat): Rect {
  const samples = tileSamples(data, format);
  const row = TILE_SIZE * format.channels;
  let [left, right, top, bottom] = [TILE_SIZE, -1, -1, -1];
  for (let y = 0; y < TILE_SIZE; y++) {
    const line = samples.subarray(y * row, (y + 1) * row);
    const first = line.findIndex((value) => value !== 0);
    if (first < 0) continue;
    if (top < 0) top = y;
    bottom = y;
    left = Math.min(left, Math.floor(first / format.channels));
    const last = line.findLastIndex((value) => value !== 0);
    right = Math.max(right, Math.floor(last / format.channels));
  }
  return top < 0 ? EMPTY_RECT : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
