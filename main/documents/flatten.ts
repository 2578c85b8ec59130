import type { Raster } from '../../preload/contract/index.ts';
import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../renderer/engine/document.ts';
import type { StoredDocument } from './document.ts';

/** Composites a stored document with the engine that draws it on the screen: 8-bit RGBA, straight alpha. */
export function flattenDocument(stored: StoredDocument): Raster {
  const { width, height, layers } = stored.state();
  const document = new PaintDocument(width, height, layers);
  for (const { id } of layers) {
    document.apply([{ type: 'tiles', layerId: id, tiles: stored.readLayer(id) }]);
  }
  const rgba = new Uint8Array(width * height * 4);
  new CpuCompositor(document).render(document.canvas, rgba);
  return { width, height, rgba };
}
