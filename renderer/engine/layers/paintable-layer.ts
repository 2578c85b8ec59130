import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { holdsPixels, type LayerRecord } from './layer-record.ts';
import type { Layer, PlaneName } from './layer.ts';

function refuseKind({ kind, name, mask }: LayerRecord): EngineError {
  const what = kind === 'group' ? 'a group' : kind === 'fill' ? 'a fill layer' : 'an adjustment layer';
  const way =
    mask !== null
      ? 'choose its mask to paint on'
      : kind === 'group'
        ? 'choose a layer in it to paint on'
        : 'choose a layer of pixels to paint on';
  return new EngineError('layer-not-paintable', `"${name}" is ${what}; ${way}.`);
}

/**
 * The layer, when its pixels, or its mask's, may be changed by what does not know text.
 * @throws EngineError as `changeableLayer`; `layer-is-text` for pixels that belong to text.
 */
export function paintableLayer(document: PaintDocument, layerId: string, plane: PlaneName = 'pixels'): Layer {
  const layer = changeableLayer(document, layerId, plane);
  if (plane === 'pixels' && layer.record.text) throw textRefusal(layer.record);
  return layer;
}

/** Why pixels that belong to text are not changed. */
export function textRefusal({ name }: Pick<LayerRecord, 'name'>): EngineError {
  return new EngineError('layer-is-text', `"${name}" is text; edit it, or make it pixels to paint on it.`);
}

/**
 * The layer, when its pixels, or its mask's, may be changed.
 * @throws EngineError `unknown-layer`; `layer-not-paintable` on a layer without pixels of its own; `no-mask`; `layer-locked`
 * or `layer-hidden` when the layer or a group around it is.
 */
export function changeableLayer(
  document: PaintDocument,
  layerId: string,
  plane: PlaneName = 'pixels',
): Layer {
  const layer = document.layers.get(layerId);
  if (plane === 'pixels' && !holdsPixels(layer.record.kind)) throw refuseKind(layer.record);
  if (plane === 'mask' && layer.record.mask === null)
    throw new EngineError('no-mask', `"${layer.record.name}" has no mask to paint on.`);
  for (let id: string | null = layerId; id !== null; id = document.layers.get(id).record.parent) {
    const { record } = document.layers.get(id);
    if (record.locked)
      throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to paint.`);
    if (!record.visible)
      throw new EngineError('layer-hidden', `"${record.name}" is hidden; show it to paint.`);
  }
  return layer;
}
