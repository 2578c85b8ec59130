import { basename } from 'node:path';
import { PaintDocument } from '../../renderer/engine/document.ts';
import type { StoredDocument, TileRows } from './document.ts';
import { guardDocument } from './guard-document.ts';

/**
 * A stored document in memory, as the page has it: every layer with its pixels and its mask's.
 * @param rows only tiles of these rows; all when left out.
 * @throws StudioError `document/damaged`
 */
export function loadDocument(stored: StoredDocument, rows?: TileRows): PaintDocument {
  return guardDocument(basename(stored.path), () => load(stored, rows));
}

function load(stored: StoredDocument, rows: TileRows | undefined): PaintDocument {
  const { width, height, layers, depth, colourSpace, profile } = stored.state();
  const document = new PaintDocument(width, height, layers, { depth, colourSpace, profile });
  for (const { id: layerId } of layers) {
    document.apply([
      { type: 'tiles', layerId, tiles: stored.readLayer(layerId, rows) },
      { type: 'mask-tiles', layerId, tiles: stored.readMask(layerId, rows) },
    ]);
  }
  document.apply(stored.readNotes().map(({ key, bytes }) => ({ type: 'note', key, bytes })));
  return document;
}
