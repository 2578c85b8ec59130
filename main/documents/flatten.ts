import type { Raster } from '../../preload/contract/index.ts';
import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import { hideGuides } from '../../renderer/engine/layers/hide-guides.ts';
import type { StoredDocument } from './document.ts';
import { TILE_SIZE } from '../../renderer/engine/tiles/tile.ts';
import { loadDocument } from './load-document.ts';

/**
 * Composites a stored document with the engine that draws it on the screen: 8-bit RGBA, straight alpha. Guides are no
 * part of the picture.
 */
export function flattenDocument(stored: StoredDocument): Raster {
  const { width, height } = stored.state();
  const rgba = new Uint8Array(width * height * 4);
  let at = 0;
  for (const rows of flattenRows(stored)) {
    rgba.set(rows, at);
    at += rows.length;
  }
  return { width, height, rgba };
}

/** The same a row of tiles at a time, so that no more than that is in memory. */
export function* flattenRows(stored: StoredDocument): Generator<Uint8Array> {
  const { width, height } = stored.state();
  for (let y = 0; y < height; y += TILE_SIZE) {
    const row = y / TILE_SIZE;
    const document = loadDocument(stored, { from: row, to: row + 1 });
    document.apply(hideGuides(document));
    const strip = { x: 0, y, width, height: Math.min(TILE_SIZE, height - y) };
    const rgba = new Uint8Array(strip.width * strip.height * 4);
    const compositor = new CpuCompositor(document, { cacheBytes: 0 });
    compositor.render(strip, rgba);
    compositor.dispose();
    yield rgba;
  }
}
