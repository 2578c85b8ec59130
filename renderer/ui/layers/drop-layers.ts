import { moveLayer } from '../../commands/layer-edits.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

/** Where something was dropped in the list, which shows the top layer first. */
interface DropTarget {
  readonly key: string | number;
  readonly dropPosition: 'on' | 'before' | 'after';
}

/** Moves layers to where they were dropped: on a group into it, on top; else above or below a layer. */
export function dropLayers(session: DocumentSession, ids: readonly string[], target: DropTarget): void {
  const { layers } = session.document;
  const targetId = String(target.key);
  const [id] = ids;
  if (id === undefined || id === targetId || layers.isWithin(targetId, id)) return;
  if (target.dropPosition === 'on') {
    const inside = layers.childrenOf(targetId).filter((each) => each !== id);
    moveLayer(session, id, targetId, inside.length);
    return;
  }
  const { parent } = layers.get(targetId).record;
  const siblings = layers.childrenOf(parent).filter((each) => each !== id);
  const at = siblings.indexOf(targetId);
  // "Before" in the list is above in the picture.
  moveLayer(session, id, parent, target.dropPosition === 'before' ? at + 1 : at);
}
