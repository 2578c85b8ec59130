import type { DocumentSession } from './document-session.ts';

/** Where a new layer goes: directly above the active one, in its group; inside an active group, on top. */
export function placeAboveActive(session: DocumentSession): { parent: string | null; index: number } {
  const { layers } = session.document;
  const active = session.activeLayerId ? layers.find(session.activeLayerId) : undefined;
  if (!active) return { parent: null, index: layers.childrenOf(null).length };
  const { id, kind, parent } = active.record;
  if (kind === 'group') return { parent: id, index: layers.childrenOf(id).length };
  return { parent, index: layers.indexOf(id) + 1 };
}
