import type { Change } from '../engine/changes.ts';
import { type LayerProps, type LayerRecord, layerRecord } from '../engine/layers/layer-record.ts';
import {
  groupLayersChanges,
  outermost,
  removeLayersChanges,
  shiftLayersChanges,
} from '../engine/layers/several-layers.ts';
import { mergeChosenChanges } from '../engine/merge/merge-chosen.ts';
import { duplicateChanges } from '../engine/merge/merge-layers.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { deleteLayer, duplicateLayer, freeName, mergeDown, mergeGroup, shiftLayer } from './layer-edits.ts';
import { recordEdit } from './record-edit.ts';

/** The chosen layers, bottom to top; those whose group is chosen too come with it. */
function chosen({ document, chosenLayerIds }: DocumentSession): string[] {
  return outermost(document, chosenLayerIds);
}

/** The one layer that is chosen, or null where there are several or none. */
function onlyOne(session: DocumentSession): string | null {
  const ids = chosen(session);
  return ids.length === 1 ? (ids[0] ?? null) : null;
}

/** Deletes the chosen layers; undo brings them back. */
export function deleteChosen(session: DocumentSession): void {
  const one = onlyOne(session);
  if (one !== null) {
    deleteLayer(session, one);
    return;
  }
  const ids = chosen(session);
  const { layers } = session.document;
  const gone = new Set(ids);
  const { parent } = layers.get(ids[0] ?? '').record;
  const siblings = layers.childrenOf(parent);
  const at = siblings.indexOf(ids[0] ?? '');
  const next = siblings[at - 1] ?? siblings.find((id) => !gone.has(id)) ?? parent;
  if (
    recordEdit(session, `Delete ${ids.length} layers`, () => removeLayersChanges(session.document, ids)) &&
    next
  )
    session.chooseLayer(next);
}

/** Copies the chosen layers, each above itself, and chooses the copies. */
export function duplicateChosen(session: DocumentSession): void {
  const one = onlyOne(session);
  if (one !== null) {
    duplicateLayer(session, one);
    return;
  }
  const ids = chosen(session);
  const copies = new Map<string, string>();
  const changes = (): Change[] =>
    // From the top, so that places below stay as they are counted.
    ids.toReversed().flatMap((id): Change[] => {
      const made = duplicateChanges(session.document, id, (of) => {
        const copy = crypto.randomUUID();
        copies.set(of, copy);
        return copy;
      });
      const name = `${session.document.layers.get(id).record.name} copy`.slice(0, 256);
      return [...made, { type: 'layer-props', layerId: copies.get(id) ?? '', props: { name } }];
    });
  if (recordEdit(session, `Duplicate ${ids.length} layers`, changes))
    session.chooseLayers(ids.map((id) => copies.get(id) ?? ''));
}

/** Puts the chosen layers into a new group; without any, adds an empty group. */
export function groupChosen(session: DocumentSession): void {
  const name = freeName(session, 'Group');
  const group = layerRecord({ id: crypto.randomUUID(), kind: 'group', name, blend: 'pass-through' });
  const ids = chosen(session);
  const { document } = session;
  const changes = (): Change[] =>
    ids.length > 0
      ? groupLayersChanges(document, ids, group)
      : [{ type: 'layer-add', layer: group, parent: null, index: document.layers.childrenOf(null).length }];
  if (recordEdit(session, 'Group', changes) && ids.length > 1) session.chooseLayer(group.id);
}

/** Merges the chosen layers into one; of a single one, it down or a group into a layer. */
export function mergeChosen(session: DocumentSession): void {
  const one = onlyOne(session);
  if (one !== null) {
    const group = session.document.layers.get(one).record.kind === 'group';
    (group ? mergeGroup : mergeDown)(session, one);
    return;
  }
  const ids = chosen(session);
  const merged = crypto.randomUUID();
  const label = `Merge ${ids.length} layers`;
  if (recordEdit(session, label, () => mergeChosenChanges(session.document, ids, merged)))
    session.chooseLayer(merged);
}

/** Moves the chosen layers one place up or down; a single one at the end of its group, out of it. */
export function shiftChosen(session: DocumentSession, direction: 1 | -1): void {
  const one = onlyOne(session);
  if (one !== null) {
    shiftLayer(session, one, direction);
    return;
  }
  const ids = chosen(session);
  const changes = shiftLayersChanges(session.document, ids, direction);
  if (changes.length > 0) recordEdit(session, `Move ${ids.length} layers`, () => changes);
}

/**
 * Changes properties of every chosen layer as one step.
 * @param props of one layer, given its record.
 */
export function changeChosen(
  session: DocumentSession,
  label: string,
  props: (record: LayerRecord) => LayerProps,
): void {
  const { document, chosenLayerIds } = session;
  if (chosenLayerIds.length === 0) return;
  recordEdit(session, label, () =>
    chosenLayerIds.map((layerId): Change => {
      return { type: 'layer-props', layerId, props: props(document.layers.get(layerId).record) };
    }),
  );
}
