import type { LayerRecord } from '../../../preload/contract/index.ts';
import { aidsOfDocument } from './aids-in-files.ts';
import type { StoredDocument } from '../document.ts';
import { TILE_SIZE } from '../../../renderer/engine/tiles/tile.ts';
import type { FileKind } from './file-kind.ts';
import type { HeldContent } from './losses.ts';

/** Larger pictures are not looked through: whether they are opaque everywhere is left open. */
const MOST_PIXELS = 8192 * 8192;

/** What of a document decides whether a kind of file can hold it. */
export function heldContent(document: StoredDocument, kind: FileKind): HeldContent {
  const { depth, layers, head } = document.state();
  return {
    depth,
    layers,
    hasHistory: head > 0,
    aids: aidsOfDocument(document),
    // Only JPEG has no transparency at all.
    opaque: kind === 'jpeg' && isOpaque(document),
  };
}

/**
 * True when no pixel of the picture lets anything through, told by one layer that covers all of it: whatever lies over or
 * under it then takes nothing away.
 */
function isOpaque(document: StoredDocument): boolean {
  const { width, height, layers } = document.state();
  if (width * height > MOST_PIXELS) return false;
  return layers.some((layer) => mayCover(layer) && (layer.kind === 'fill' || covers(document, layer.id)));
}

function mayCover({
  parent,
  visible,
  opacity,
  fillOpacity,
  clipped,
  mask,
  guide,
  kind,
  fill,
}: LayerRecord): boolean {
  const whole = parent === null && visible && opacity === 1 && fillOpacity === 1 && !clipped;
  const holds = kind === 'paint' || kind === 'generated' || fill?.type === 'solid';
  return whole && holds && mask === null && !guide;
}

/** Whether a layer has opaque pixels all over the canvas. */
function covers(document: StoredDocument, layerId: string): boolean {
  const { width, height, depth } = document.state();
  const across = Math.ceil(width / TILE_SIZE);
  for (let y = 0; y * TILE_SIZE < height; y++) {
    const row = document
      .readLayer(layerId, { from: y, to: y + 1 })
      .filter((tile) => tile.x >= 0 && tile.x < across);
    if (row.length < across) return false;
    const rows = Math.min(TILE_SIZE, height - y * TILE_SIZE);
    for (const { x, data } of row) {
      const columns = Math.min(TILE_SIZE, width - x * TILE_SIZE);
      if (!isOpaqueTile(data, depth / 8, columns, rows)) return false;
    }
  }
  return true;
}

/** @param bytes of a channel. */
function isOpaqueTile(data: Uint8Array, bytes: number, columns: number, rows: number): boolean {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const alpha = ((y * TILE_SIZE + x) * 4 + 3) * bytes;
      for (let k = 0; k < bytes; k++) if (data[alpha + k] !== 255) return false;
    }
  }
  return true;
}
