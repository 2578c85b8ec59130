import { randomFillSync } from 'node:crypto';
import { TILE_BYTES, TILE_EDGE } from '../../../preload/contract/index.ts';
import { layerRecord } from '../../../renderer/engine/layers/layer-record.ts';
import { createDocumentFile, openDocument } from '../../documents/document.ts';

/** Tiles along the edge of a patch of paint. */
const PATCH = 5;
const MODES = ['normal', 'normal', 'normal', 'multiply', 'normal', 'overlay'] as const;

/**
 * Makes a document as a painter's is: a white sheet, and layers with patches of paint here and there, no two tiles alike.
 * @param patches of 25 tiles a layer; they may overlap.
 * @param noise fills them with noise, which no compression makes smaller.
 * @returns the number of tiles that hold paint.
 */
export function makeSparseDocument(
  path: string,
  edge: number,
  layers: number,
  patches: number,
  noise = false,
): number {
  createDocumentFile(path, 'large', edge, edge);
  const document = openDocument(path);
  const across = Math.ceil(edge / TILE_EDGE);
  let painted = 0;
  for (let number = 0; number < layers; number++) {
    const layer = layerRecord({
      id: `large-${number}`,
      name: `Layer ${number + 1}`,
      opacity: 0.9,
      blend: MODES[number % MODES.length] ?? 'normal',
    });
    const tiles = new Map<string, { x: number; y: number; data: Uint8Array<ArrayBuffer> }>();
    for (let patch = 0; patch < patches; patch++) {
      const place = (number * patches + patch) * 2_654_435_761;
      const left = (place >>> 7) % Math.max(1, across - PATCH);
      const top = (place >>> 19) % Math.max(1, across - PATCH);
      for (let i = 0; i < PATCH * PATCH; i++) {
        const [x, y] = [left + (i % PATCH), top + Math.floor(i / PATCH)];
        if (x < across && y < across)
          tiles.set(`${x} ${y}`, {
            x,
            y,
            data: noise ? randomFillSync(new Uint8Array(TILE_BYTES)) : paint(number * 4099 + x * 67 + y),
          });
      }
    }
    painted += tiles.size;
    document.commit('Layer', [
      { type: 'layer-add', layer, parent: null, index: number + 2 },
      { type: 'tiles', layerId: layer.id, tiles: [...tiles.values()] },
    ]);
  }
  document.close();
  return painted;
}

/** A soft gradient of some colour with grain on it, here and there see-through. */
function paint(seed: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(TILE_BYTES);
  const hue = (seed * 97) & 255;
  for (let i = 0, at = 0; i < TILE_EDGE * TILE_EDGE; i++, at += 4) {
    const grain = (Math.imul(i + seed, 2_246_822_519) >>> 29) & 7;
    const shade = ((i & 255) + (i >> 8)) >> 1;
    data[at] = (hue + (shade >> 1) + grain) & 255;
    data[at + 1] = (255 - hue + grain) & 255;
    data[at + 2] = (shade + grain) & 255;
    data[at + 3] = (seed + (i >> 13)) % 5 === 0 ? 0 : 255 - (shade >> 2);
  }
  return data;
}
