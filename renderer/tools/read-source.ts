import { readBelow } from '../engine/compositor/read-below.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { holdsPixels } from '../engine/layers/layer-record.ts';
import { readRegion } from '../engine/tiles/region.ts';
import type { PixelSource } from '../state/tool-store.ts';
import type { ToolHost } from './tool.ts';

/** RGBA8, straight, of what a tool is set to look at; a layer without pixels of its own is looked at as it is seen. */
export function readSource(host: ToolHost, source: PixelSource, rect: Rect): Uint8Array | Uint8ClampedArray {
  const { activeLayerId, document } = host.session;
  const layer = activeLayerId === null ? undefined : document.layers.find(activeLayerId);
  if (source === 'visible' || !layer || activeLayerId === null) return host.readVisible(rect);
  if (source === 'below') return readBelow(document, activeLayerId, rect);
  return holdsPixels(layer.record.kind) ? readRegion(layer.tiles, rect) : host.readVisible(rect);
}
