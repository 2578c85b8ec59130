import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { holdsPixels, type LayerRecord } from './layer-record.ts';

/** Layers in the order in which they are painted, bottom to top; those whose group is among them come with it and are left out. */
export function outermost({ layers }: PaintDocument, ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  const isInside = (parent: string | null): boolean =>
    parent !== null && (wanted.has(parent) || isInside(layers.get(parent).record.parent));
  return [...layers.all()].flatMap(({ record: { id, parent } }) =>
    wanted.has(id) && !isInside(parent) ? [id] : [],
  );
}

/**
 * Puts layers side by side among the layers of a parent, in their order.
 * @param above the sibling that they stand on, itself not among them; null: at the bottom.
 * @returns nothing when they stand there already, or when the parent is among them.
 * @throws EngineError `unknown-layer`.
 */
export function placeLayersChanges(
  { layers }: PaintDocument,
  ids: readonly string[],
  parent: string | null,
  above: string | null,
): Change[] {
  if (parent !== null && ids.some((id) => id === parent || layers.isWithin(parent, id))) return [];
  let order = [...layers.childrenOf(parent)];
  let below = above;
  const changes: Change[] = [];
  for (const layerId of ids) {
    order = order.filter((id) => id !== layerId);
    const index = below === null ? 0 : order.indexOf(below) + 1;
    order.splice(index, 0, layerId);
    changes.push({ type: 'layer-move', layerId, parent, index });
    below = layerId;
  }
  const stays = ids.every((id) => layers.get(id).record.parent === parent);
  return stays && order.join() === layers.childrenOf(parent).join() ? [] : changes;
}

/** Moves each of some layers one place up (1) or down (-1) among its siblings; those at an end stay and hold up those behind. */
export function shiftLayersChanges(
  { layers }: PaintDocument,
  ids: readonly string[],
  direction: 1 | -1,
): Change[] {
  const chosen = new Set(ids);
  const parents = new Set(ids.map((id) => layers.get(id).record.parent));
  return [...parents].flatMap((parent) => {
    const before = layers.childrenOf(parent);
    // From the end that they move to, so that none steps over another.
    const order = direction === 1 ? before.toReversed() : [...before];
    for (let i = 1; i < order.length; i++) {
      const [ahead, own] = [order[i - 1] as string, order[i] as string];
      if (chosen.has(own) && !chosen.has(ahead)) order.splice(i - 1, 2, own, ahead);
    }
    return reorder(before, direction === 1 ? order.toReversed() : order, parent);
  });
}

function reorder(before: readonly string[], after: readonly string[], parent: string | null): Change[] {
  const order = [...before];
  return after.flatMap((layerId, index): Change[] => {
    if (order[index] === layerId) return [];
    order.splice(order.indexOf(layerId), 1);
    order.splice(index, 0, layerId);
    return [{ type: 'layer-move', layerId, parent, index }];
  });
}

/**
 * Puts layers into a new group where the topmost of them stands.
 * @param ids as `outermost` gives them, one at least.
 * @throws EngineError `unknown-layer`.
 */
export function groupLayersChanges(
  { layers }: PaintDocument,
  ids: readonly string[],
  group: LayerRecord,
): Change[] {
  const top = layers.get(ids.at(-1) ?? '').record;
  const { parent } = top;
  return [
    { type: 'layer-add', layer: { ...group, parent }, parent, index: layers.indexOf(top.id) + 1 },
    ...ids.map((layerId, index): Change => ({ type: 'layer-move', layerId, parent: group.id, index })),
  ];
}

/**
 * Deletes layers.
 * @throws EngineError `last-layer` when no layer of pixels would be left.
 */
export function removeLayersChanges({ layers }: PaintDocument, ids: readonly string[]): Change[] {
  const gone = new Set(ids.flatMap((id) => [...layers.subtree(id)].map(({ record }) => record.id)));
  if (![...layers.all()].some(({ record: { id, kind } }) => holdsPixels(kind) && !gone.has(id)))
    throw new EngineError('last-layer', 'A document keeps at least one layer.');
  return ids.map((layerId): Change => ({ type: 'layer-remove', layerId }));
}
