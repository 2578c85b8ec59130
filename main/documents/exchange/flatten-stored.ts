import { CpuCompositor } from '../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../renderer/engine/document.ts';
import { joinTiles } from '../../../renderer/engine/formats/cut-tiles.ts';
import type { Rect } from '../../../renderer/engine/geometry/rect.ts';
import { hideGuides } from '../../../renderer/engine/layers/hide-guides.ts';
import { colourFormat, TILE_SIZE } from '../../../renderer/engine/tiles/tile.ts';
import type { DocumentState } from '../../../preload/contract/index.ts';
import type { StoredDocument } from '../document.ts';
import { type Progress, throwIfStopped } from './progress.ts';
import type { FlatPicture } from './raster.ts';

/**
 * Composites a stored document with the engine that draws it on the screen, one row of tiles at a time, so that memory
 * follows the width of the canvas and not its area. In the document's own depth and colour space; straight alpha;
 * guides are no part of it.
 * @returns strips of whole rows, from the top: 256 rows each, the last one what is left.
 */
export async function* flattenStrips(
  document: StoredDocument,
  progress: Progress,
): AsyncGenerator<Uint8Array | Uint16Array> {
  const state = document.state();
  const { width, height, depth } = state;
  const plain = soleLayer(state);
  const rows = Math.ceil(height / TILE_SIZE);
  for (let row = 0; row < rows; row++) {
    throwIfStopped(progress);
    const strip: Rect = {
      x: 0,
      y: row * TILE_SIZE,
      width,
      height: Math.min(TILE_SIZE, height - row * TILE_SIZE),
    };
    if (plain !== null) {
      const tiles = document.readLayer(plain, { from: row, to: row + 1 });
      yield joinTiles(tiles, strip, colourFormat(depth));
    } else {
      const length = strip.width * strip.height * 4;
      const out = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
      const part = loadRows(document, state, row);
      const compositor = new CpuCompositor(part, { cacheBytes: 0 });
      compositor.render(strip, out);
      compositor.dispose();
      yield out;
    }
    progress.report((row + 1) / rows, '');
    // Gives a wish to stop, and whoever shares the process, a chance.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The same as one picture in memory. */
export async function flattenStored(document: StoredDocument, progress: Progress): Promise<FlatPicture> {
  const { width, height, depth, profile } = document.state();
  const length = width * height * 4;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  let at = 0;
  for await (const strip of flattenStrips(document, progress)) {
    data.set(strip, at);
    at += strip.length;
  }
  return { width, height, depth, data, profile };
}

/**
 * The one visible layer, when what it holds is what is seen: its pixels are then written as they are, those under full
 * transparency included.
 */
function soleLayer({ layers }: DocumentState): string | null {
  const seen = layers.filter((layer) => layer.visible && !layer.guide);
  const [only] = seen;
  if (!only || seen.length > 1 || (only.kind !== 'paint' && only.kind !== 'generated')) return null;
  const { opacity, fillOpacity, blend, clipped, mask, parent } = only;
  const plain =
    opacity === 1 && fillOpacity === 1 && blend === 'normal' && !clipped && !mask && parent === null;
  return plain ? only.id : null;
}

function loadRows(stored: StoredDocument, state: DocumentState, row: number): PaintDocument {
  const { width, height, layers, depth, colourSpace, profile } = state;
  const document = new PaintDocument(width, height, layers, { depth, colourSpace, profile });
  const rows = { from: row, to: row + 1 };
  for (const { id: layerId } of layers) {
    document.apply([
      { type: 'tiles', layerId, tiles: stored.readLayer(layerId, rows) },
      { type: 'mask-tiles', layerId, tiles: stored.readMask(layerId, rows) },
    ]);
  }
  document.apply(hideGuides(document));
  return document;
}
