import { joinTiles } from '../../../renderer/engine/formats/cut-tiles.ts';
import type {
  FileLayer,
  LayeredPicture,
  MaskBlock,
  PixelBlock,
} from '../../../renderer/engine/formats/picture-file.ts';
import { EMPTY_RECT, isEmptyRect, type Rect, unionRect } from '../../../renderer/engine/geometry/rect.ts';
import { holdsPixels } from '../../../renderer/engine/layers/layer-record.ts';
import { colourFormat, maskFormat, type PixelFormat, tileRect } from '../../../renderer/engine/tiles/tile.ts';
import type { LayerRecord } from '../../../preload/contract/index.ts';
import type { LayerTile, StoredDocument } from '../document.ts';
import { aidsOfDocument, gridForFile } from './aids-in-files.ts';
import { stripsOfLayer } from './strips-of-layer.ts';

/** A stored document as the writers of files see it: one layer's pixels in memory at a time. */
export function pictureOfDocument(document: StoredDocument): LayeredPicture {
  const { width, height, depth, profile, layers } = document.state();
  const aids = aidsOfDocument(document);
  const childrenOf = (parent: string | null): FileLayer[] =>
    layers.filter((layer) => layer.parent === parent).map(fileLayer);
  const fileLayer = ({ id, parent: _parent, ...record }: LayerRecord): FileLayer => ({
    // A guide helps while painting and is no part of the picture.
    record: record.guide ? { ...record, visible: false } : record,
    pixels: holdsPixels(record.kind)
      ? async () => blockOf(document.readLayer(id), colourFormat(depth), 0)
      : null,
    ...(holdsPixels(record.kind) && { pixelStrips: () => stripsOfLayer(document, id, colourFormat(depth)) }),
    mask: record.mask
      ? async (): Promise<MaskBlock | null> => {
          const format = maskFormat(depth);
          const outside = Math.round((record.mask?.outside ?? 1) * format.maximum);
          return blockOf(document.readMask(id), format, outside);
        }
      : null,
    children: childrenOf(id),
  });
  return {
    width,
    height,
    depth,
    profile,
    resolution: document.resolution(),
    guides: aids.guides,
    grid: gridForFile(aids),
    layers: childrenOf(null),
    losses: [],
  };
}

/** Tiles as one block, cut to what differs from the outside value; null when nothing does. */
function blockOf(tiles: readonly LayerTile[], format: PixelFormat, outside: number): PixelBlock | null {
  let bounds: Rect = EMPTY_RECT;
  for (const { x, y } of tiles) bounds = unionRect(bounds, tileRect(x, y));
  if (isEmptyRect(bounds)) return null;
  const data = joinTiles(tiles, bounds, format, outside);
  const used = usedRect(data, bounds, format.channels, outside);
  if (!used) return null;
  return { ...used, data: crop(data, bounds, used, format.channels) };
}

function usedRect(
  data: Uint8Array | Uint16Array,
  rect: Rect,
  channels: number,
  outside: number,
): Rect | null {
  const row = rect.width * channels;
  const differs = (value: number): boolean => value !== outside;
  let top = 0;
  while (top < rect.height && !data.subarray(top * row, (top + 1) * row).some(differs)) top++;
  if (top === rect.height) return null;
  let bottom = rect.height;
  while (!data.subarray((bottom - 1) * row, bottom * row).some(differs)) bottom--;
  let left = rect.width;
  let right = 0;
  for (let y = top; y < bottom; y++) {
    const line = data.subarray(y * row, (y + 1) * row);
    const first = line.findIndex(differs);
    if (first === -1) continue;
    left = Math.min(left, Math.floor(first / channels));
    right = Math.max(right, Math.floor(line.findLastIndex(differs) / channels) + 1);
  }
  return { x: rect.x + left, y: rect.y + top, width: right - left, height: bottom - top };
}

function crop<T extends Uint8Array | Uint16Array>(data: T, from: Rect, to: Rect, channels: number): T {
  const out = data.slice(0, to.width * to.height * channels) as T;
  for (let y = 0; y < to.height; y++) {
    const start = ((to.y - from.y + y) * from.width + (to.x - from.x)) * channels;
    out.set(data.subarray(start, start + to.width * channels), y * to.width * channels);
  }
  return out;
}
