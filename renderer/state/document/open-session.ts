import type { DocumentState } from '../../../preload/contract/index.ts';
import { PaintDocument } from '../../engine/document.ts';
import { holdsPixels } from '../../engine/layers/layer-record.ts';
import type { StudioLink } from '../studio-link.ts';
import { DocumentSession } from './document-session.ts';

/** Reads all pixels of a document that the studio has opened, and starts a session on it. @throws StudioError */
export async function openSession(link: StudioLink, state: DocumentState): Promise<DocumentSession> {
  const document = new PaintDocument(state.width, state.height, state.layers, state);
  for (const layer of state.layers) {
    const of = { documentId: state.id, layerId: layer.id };
    if (holdsPixels(layer.kind)) {
      const tiles = await link.request('documents.read-layer', of);
      if (tiles.length > 0) document.apply([{ type: 'tiles', layerId: layer.id, tiles }]);
    }
    if (layer.mask !== null) {
      const tiles = await link.request('documents.read-mask', of);
      if (tiles.length > 0) document.apply([{ type: 'mask-tiles', layerId: layer.id, tiles }]);
    }
  }
  const notes = await link.request('documents.read-notes', { documentId: state.id });
  document.apply(notes.map(({ key, bytes }) => ({ type: 'note', key, bytes })));
  return new DocumentSession(link, state, document);
}
