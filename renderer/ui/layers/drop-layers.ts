import { recordEdit } from '../../commands/record-edit.ts';
import { outermost, placeLayersChanges } from '../../engine/layers/several-layers.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

/** Where something was dropped in the list, which shows the top layer first. */
interface DropTarget {
  readonly key: string | number;
  readonly dropPosition: 'on' | 'before' | 'after';
}

/** Moves layers to where they were dropped: on a group into it, on top; else above or below a layer. */
export function dropLayers(session: DocumentSession, dragged: readonly string[], target: DropTarget): void {
  const { document } = session;
  const { layers } = document;
  const targetId = String(target.key);
  const ids = outermost(document, dragged);
  const moving = new Set(ids);
  if (moving.has(targetId)) return;
  const into = target.dropPosition === 'on';
  const parent = into ? targetId : layers.get(targetId).record.parent;
  const siblings = layers.childrenOf(parent).filter((id) => !moving.has(id));
  // "Before" in the list is above in the picture.
  const above =
    into || target.dropPosition === 'before'
      ? into
        ? siblings.at(-1)
        : targetId
      : siblings[siblings.indexOf(targetId) - 1];
  const changes = placeLayersChanges(document, ids, parent, above ?? null);
  const name = ids.length === 1 ? layers.get(ids[0] ?? '').record.name : `${ids.length} layers`;
  if (changes.length > 0) recordEdit(session, `Move ${name}`, () => changes);
}
