import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import type { Layer } from './layer.ts';

/**
 * The layer, when its pixels may be changed.
 * @throws EngineError `unknown-layer`; `layer-not-paintable` on a group; `layer-locked` or `layer-hidden` when the layer
 * or a group around it is.
 */
export function paintableLayer(document: PaintDocument, layerId: string): Layer {
  const layer = document.layers.get(layerId);
  if (layer.record.kind === 'group') {
    const { name } = layer.record;
    throw new EngineError('layer-not-paintable', `"${name}" is a group; choose a layer in it to paint on.`);
  }
  for (let id: string | null = layerId; id !== null; id = document.layers.get(id).record.parent) {
    const { record } = document.layers.get(id);
    if (record.locked)
      throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to paint.`);
    if (!record.visible)
      throw new EngineError('layer-hidden', `"${record.name}" is hidden; show it to paint.`);
  }
  return layer;
}
