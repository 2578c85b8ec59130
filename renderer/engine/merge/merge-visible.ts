import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { isEmptyRect } from '../geometry/rect.ts';
import { layerRecord } from '../layers/layer-record.ts';
import { writeRegion } from '../tiles/region.ts';
import { compositeLayers, emptyLike } from './merge-layers.ts';

/** The layers of the top level that can be seen: visible, and not clipped to one that is not. Bottom to top. */
function shownRoots({ layers }: PaintDocument): string[] {
  let base = true;
  return layers.childrenOf(null).filter((id) => {
    const { visible, clipped } = layers.get(id).record;
    if (!clipped) base = visible;
    return visible && base;
  });
}

/**
 * Makes one layer of all that is seen, in the place and with the name of the lowest such layer; hidden layers of the top
 * level stay as they are.
 * @param newId of the layer that replaces them.
 * @throws EngineError `invalid-parent` when fewer than two layers are seen.
 */
export function mergeVisibleChanges(document: PaintDocument, newId: string): Change[] {
  const { layers } = document;
  const shown = shownRoots(document);
  const [lowest] = shown;
  if (lowest === undefined || shown.length < 2)
    throw new EngineError('invalid-parent', 'Fewer than two layers are visible; there is nothing to merge.');
  // All are given, for a layer that is clipped to a hidden one stays unseen only beside it.
  const { rect, pixels } = compositeLayers(document, layers.childrenOf(null), () => ({}));
  const layer = layerRecord({ id: newId, name: layers.get(lowest).record.name });
  return [
    { type: 'layer-add', layer, parent: null, index: layers.indexOf(lowest) },
    {
      type: 'tiles',
      layerId: newId,
      tiles: isEmptyRect(rect) ? [] : writeRegion(emptyLike(document), rect, pixels),
    },
    ...shown.map((layerId): Change => ({ type: 'layer-remove', layerId })),
  ];
}

/**
 * Takes a group away and leaves what stands in it in its place.
 * @throws EngineError `unknown-layer`; `invalid-parent` when it is no group; `layer-locked`.
 */
export function ungroupChanges({ layers }: PaintDocument, groupId: string): Change[] {
  const { record } = layers.get(groupId);
  if (record.kind !== 'group') throw new EngineError('invalid-parent', `"${record.name}" is not a group.`);
  if (record.locked)
    throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to ungroup.`);
  const place = layers.indexOf(groupId);
  const out = layers.childrenOf(groupId).map((layerId, i): Change => ({
    type: 'layer-move',
    layerId,
    parent: record.parent,
    index: place + i,
  }));
  return [...out, { type: 'layer-remove', layerId: groupId }];
}
