import { PaintDocument } from '../../renderer/engine/document.ts';
import type { StoredDocument } from './document.ts';

/** A stored document in memory, as the page has it: every layer with its pixels and its mask's. */
export function loadDocument(stored: StoredDocument): PaintDocument {
  const { width, height, layers, depth, colourSpace, profile } = stored.state();
  const document = new PaintDocument(width, height, layers, { depth, colourSpace, profile });
  for (const { id: layerId } of layers) {
    document.apply([
      { type: 'tiles', layerId, tiles: stored.readLayer(layerId) },
      { type: 'mask-tiles', layerId, tiles: stored.readMask(layerId) },
    ]);
  }
  return document;
}
