import type { Raster } from '../../preload/contract/index.ts';
import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import { hideGuides } from '../../renderer/engine/layers/hide-guides.ts';
import type { StoredDocument } from './document.ts';
import { loadDocument } from './load-document.ts';

/**
 * Composites a stored document with the engine that draws it on the screen: 8-bit RGBA, straight alpha. Guides are no
 * part of the picture.
 */
export function flattenDocument(stored: StoredDocument): Raster {
  const document = loadDocument(stored);
  document.apply(hideGuides(document));
  const { width, height } = document;
  const rgba = new Uint8Array(width * height * 4);
  new CpuCompositor(document).render(document.canvas, rgba);
  return { width, height, rgba };
}
