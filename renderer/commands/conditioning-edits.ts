import type { Change } from '../engine/changes.ts';
import type { GroupWords, LayerGuide } from '../engine/layers/conditioning.ts';
import type { LayerRecord } from '../engine/layers/layer-record.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { tell } from '../state/status-store.ts';
import { changeLayer } from './layer-edits.ts';

/** A guide as it begins: full strength, all of the run. */
export function newGuide(path: string, prepare: LayerGuide['prepare']): LayerGuide {
  return { path, prepare, strength: 1, start: 0, end: 1 };
}

/** Makes a layer guide the picture, changes how it does, or with null makes it an ordinary layer again. */
export function setGuide(
  session: DocumentSession,
  layer: Pick<LayerRecord, 'id' | 'name'>,
  guide: LayerGuide | null,
): void {
  const label = guide === null ? `No guide: ${layer.name}` : `Guide: ${layer.name}`;
  changeLayer(session, layer.id, label.slice(0, 200), { guide });
}

/** Gives a group words, changes them, or takes them off with null. */
export function setWords(
  session: DocumentSession,
  group: Pick<LayerRecord, 'id' | 'name'>,
  words: GroupWords | null,
): void {
  const label = words === null ? `No words: ${group.name}` : `Words of ${group.name}`;
  changeLayer(session, group.id, label.slice(0, 200), { words });
}

/** Lets an adapter act only where a group has paint, or with null everywhere again; a group without words gets an empty line. */
export function bindAdapter(
  session: DocumentSession,
  adapter: { readonly path: string; readonly name: string },
  group: Pick<LayerRecord, 'id' | 'name'> | null,
): void {
  const changes: Change[] = [];
  for (const { record } of session.document.layers.all()) {
    const { id: layerId, words } = record;
    const others = (words?.adapters ?? []).filter((path) => path !== adapter.path);
    const bound = others.length < (words?.adapters?.length ?? 0);
    if (layerId === group?.id) {
      const kept = words ?? { prompt: '', weight: 1, only: false };
      if (!bound)
        changes.push({
          type: 'layer-props',
          layerId,
          props: { words: { ...kept, adapters: [...others, adapter.path] } },
        });
    } else if (words && bound) {
      changes.push({ type: 'layer-props', layerId, props: { words: { ...words, adapters: others } } });
    }
  }
  if (changes.length === 0) return;
  const label = group ? `${adapter.name} only in ${group.name}` : `${adapter.name} everywhere`;
  session.record(label.slice(0, 200), changes);
}

/** Gives the active group, or the group that the active layer stands in, words to write in the prompt bar. */
export function giveGroupWords(session: DocumentSession): void {
  const { layers } = session.document;
  const active = session.activeLayerId ? layers.find(session.activeLayerId)?.record : undefined;
  const parent = active?.parent ? layers.find(active.parent)?.record : undefined;
  const group = active?.kind === 'group' ? active : parent;
  if (!group) {
    tell({
      level: 'info',
      message: 'Words belong to a group of layers.',
      remedy: 'Group the layer first (Mod+G).',
    });
    return;
  }
  if (!group.words) setWords(session, group, { prompt: '', weight: 1, only: false });
}
