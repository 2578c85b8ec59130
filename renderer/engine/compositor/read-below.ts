import { PaintDocument } from '../document.ts';
import type { Rect } from '../geometry/rect.ts';
import { CpuCompositor } from './cpu.ts';

/**
 * The picture as it is under a layer: without it and without what stands above it, in its group and above its groups.
 * @returns RGBA8 straight of `rect`.
 * @throws EngineError `unknown-layer`.
 */
export function readBelow(document: PaintDocument, layerId: string, rect: Rect): Uint8Array<ArrayBuffer> {
  const hidden = new Set<string>([layerId]);
  for (let id: string | null = layerId; id !== null; id = document.layers.get(id).record.parent) {
    const siblings = document.layers.childrenOf(document.layers.get(id).record.parent);
    for (const above of siblings.slice(siblings.indexOf(id) + 1)) hidden.add(above);
  }
  const apart = new PaintDocument(document.width, document.height, [], document.format);
  for (const layer of document.layers.all()) {
    const { record } = layer;
    const index = apart.layers.childrenOf(record.parent).length;
    const shown = record.visible && !hidden.has(record.id);
    apart.apply([{ type: 'layer-add', layer: { ...record, visible: shown }, parent: record.parent, index }]);
    apart.layers.get(record.id).share(layer);
  }
  const compositor = new CpuCompositor(apart);
  const out = new Uint8Array(rect.width * rect.height * 4);
  compositor.render(rect, out);
  compositor.dispose();
  return out;
}
