import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { isEmptyRect } from '../geometry/rect.ts';
import { layerRecord, type LayerRecord } from '../layers/layer-record.ts';
import { writeRegion } from '../tiles/region.ts';
import { compositeLayers, emptyLike } from './merge-layers.ts';

/**
 * Makes one layer of several, which need not stand side by side: composited by themselves, with their modes, opacities and
 * masks, where the topmost of them stands and by its name. Groups that they stood in do not count.
 * @param ids as `outermost` gives them, two at least.
 * @param newId of the layer that replaces them.
 * @throws EngineError `unknown-layer`; `layer-locked`; `layer-hidden`.
 */
export function mergeChosenChanges(document: PaintDocument, ids: readonly string[], newId: string): Change[] {
  const { layers } = document;
  const chosen = new Set(ids);
  for (const { locked, visible, name } of ids.map((id) => layers.get(id).record)) {
    if (locked) throw new EngineError('layer-locked', `"${name}" is locked; unlock it to merge.`);
    if (!visible) throw new EngineError('layer-hidden', `"${name}" is hidden; show it to merge.`);
  }
  const top = layers.get(ids.at(-1) ?? '').record;
  const merged = compositeLayers(document, ids, (record) => {
    if (!chosen.has(record.id)) return {};
    const base = baseOf(document, record);
    return {
      ...(record.id === ids[0] && { blend: 'normal' as const }),
      // Clipped to what is not among them it would be clipped to another.
      clipped: record.clipped && base !== null && chosen.has(base),
    };
  });
  const layer: LayerRecord = layerRecord({ id: newId, name: top.name, parent: top.parent });
  const tiles = isEmptyRect(merged.rect) ? [] : writeRegion(emptyLike(document), merged.rect, merged.pixels);
  return [
    { type: 'layer-add', layer, parent: top.parent, index: layers.indexOf(top.id) + 1 },
    { type: 'tiles', layerId: newId, tiles },
    ...ids.map((layerId): Change => ({ type: 'layer-remove', layerId })),
  ];
}

/** The layer that a clipped layer is clipped to, or null. */
function baseOf({ layers }: PaintDocument, { id, parent, clipped }: LayerRecord): string | null {
  if (!clipped) return null;
  const below = layers.childrenOf(parent).slice(0, layers.indexOf(id));
  return below.findLast((each) => !layers.get(each).record.clipped) ?? null;
}
