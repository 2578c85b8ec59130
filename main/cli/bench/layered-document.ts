import { layerRecord } from '../../../renderer/engine/layers/layer-record.ts';
import { TILE_BYTES, TILE_EDGE } from '../../../preload/contract/index.ts';
import { createDocumentFile, openDocument } from '../../documents/document.ts';

/**
 * Makes a document with something on each of many layers, every tenth of another mode than normal. A layer fills every
 * fourth tile, so that a page can hold them all; equal tiles are stored once.
 */
export function makeLayeredDocument(path: string, edge: number, layers: number): void {
  createDocumentFile(path, 'bench', edge, edge);
  const document = openDocument(path);
  const modes = ['multiply', 'screen', 'overlay'] as const;
  const tiles = Math.ceil(edge / TILE_EDGE);
  for (let number = 0; number < layers; number++) {
    const layer = layerRecord({
      id: `bench-${number}`,
      name: `Layer ${number + 1}`,
      opacity: 0.9,
      blend: (number % 10 === 4 ? modes[Math.floor(number / 10) % 3] : null) ?? 'normal',
    });
    const data = new Uint8Array(TILE_BYTES).map((_, i) => Math.imul(i * (number + 1), 2654435761) >>> 24);
    const places = Array.from({ length: tiles * tiles }, (_, i) => i).filter((i) => (i + number) % 4 === 0);
    document.commit('Layer', [
      { type: 'layer-add', layer, parent: null, index: number + 1 },
      {
        type: 'tiles',
        layerId: layer.id,
        tiles: places.map((i) => ({ x: i % tiles, y: Math.floor(i / tiles), data })),
      },
    ]);
  }
  document.close();
}
