import type { LayerLabel } from '../engine/layers/layer-label.ts';
import {
  holdsPixels,
  type LayerProps,
  type LayerRecord,
  layerRecord,
} from '../engine/layers/layer-record.ts';
import type { Layer } from '../engine/layers/layer.ts';
import { paintableLayer } from '../engine/layers/paintable-layer.ts';
import { EngineError } from '../engine/error.ts';
import { copyVisible, pasteChanges } from '../engine/merge/copy-pixels.ts';
import { mergeVisibleChanges, ungroupChanges } from '../engine/merge/merge-visible.ts';
import { duplicateChanges, mergeDownChanges, mergeGroupChanges } from '../engine/merge/merge-layers.ts';
import { tileSamples, type PixelFormat, type TileChange } from '../engine/tiles/tile.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useDocument } from '../state/document/document-store.ts';
import { placeAboveActive } from '../state/document/place-above.ts';
import { tell } from '../state/status-store.ts';
import { explainRefusal } from '../tools/brush/explain.ts';
import { recordEdit } from './record-edit.ts';

/** A name like `Layer 3` that no layer has yet. */
export function freeName(session: DocumentSession, stem: string): string {
  const names = new Set([...session.document.layers.all()].map((layer) => layer.record.name));
  for (let number = 1; ; number++) {
    const name = `${stem} ${number}`;
    if (!names.has(name)) return name;
  }
}

/** Adds a clear layer above the active one and makes it active. */
export function addLayer(session: DocumentSession): void {
  const layer = layerRecord({ id: crypto.randomUUID(), name: freeName(session, 'Layer') });
  const place = placeAboveActive(session);
  session.record('New layer', [{ type: 'layer-add', layer: { ...layer, parent: place.parent }, ...place }]);
  session.chooseLayer(layer.id);
}

/** Deletes a layer; undo brings it back. The last layer with pixels stays. */
export function deleteLayer(session: DocumentSession, id: string): void {
  const { layers } = session.document;
  const inside = new Set([...layers.subtree(id)].map((layer) => layer.record.id));
  const others = [...layers.all()].filter((layer) => !inside.has(layer.record.id));
  if (!others.some((layer) => holdsPixels(layer.record.kind))) {
    tell({ level: 'info', message: 'A document keeps at least one layer.', remedy: 'Clear it instead.' });
    return;
  }
  const record = layers.get(id).record;
  const siblings = layers.childrenOf(record.parent);
  const at = siblings.indexOf(id);
  const next = siblings[at - 1] ?? siblings[at + 1] ?? record.parent;
  session.record(`Delete ${record.name}`, [{ type: 'layer-remove', layerId: id }]);
  if (next && session.activeLayerId !== next) session.chooseLayer(next);
}

/** Copies a layer, with what stands in it, above itself. */
export function duplicateLayer(session: DocumentSession, id: string): void {
  const { name } = session.document.layers.get(id).record;
  const ids = new Map<string, string>();
  const changes = duplicateChanges(session.document, id, (of) => {
    const copy = crypto.randomUUID();
    ids.set(of, copy);
    return copy;
  });
  const copy = ids.get(id);
  if (copy === undefined) return;
  const rename = { name: `${name} copy`.slice(0, 256) };
  session.record(`Duplicate ${name}`.slice(0, 200), [
    ...changes,
    { type: 'layer-props', layerId: copy, props: rename },
  ]);
  session.chooseLayer(copy);
}

/** Changes properties of a layer as one step. */
export function changeLayer(session: DocumentSession, id: string, label: string, props: LayerProps): void {
  session.record(label, [{ type: 'layer-props', layerId: id, props }]);
}

/** Shows or hides a layer. */
export function toggleVisible(session: DocumentSession, layer: LayerRecord): void {
  const label = `${layer.visible ? 'Hide' : 'Show'} ${layer.name}`;
  changeLayer(session, layer.id, label, { visible: !layer.visible });
}

/** Shows a layer, with what stands in it, alone until it is asked for again; nothing of the document changes. */
export function toggleSolo(id: string): void {
  useDocument.setState(({ soloLayerId }) => ({ soloLayerId: soloLayerId === id ? null : id }));
}

/** What a colour label is called in menus. */
export function labelName(label: LayerLabel | null): string {
  return label === null ? 'No label' : label.charAt(0).toUpperCase() + label.slice(1);
}

/** Moves a layer to a place among a parent's layers, counted without itself, 0 at the bottom. */
export function moveLayer(session: DocumentSession, id: string, parent: string | null, index: number): void {
  const { layers } = session.document;
  const record = layers.get(id).record;
  if (parent !== null && layers.isWithin(parent, id)) return;
  if (record.parent === parent && layers.indexOf(id) === index) return;
  session.record(`Move ${record.name}`, [{ type: 'layer-move', layerId: id, parent, index }]);
}

/** Moves a layer one place up or down among its siblings; at the end, out of its group. */
export function shiftLayer(session: DocumentSession, id: string, direction: 1 | -1): void {
  const { layers } = session.document;
  const { parent } = layers.get(id).record;
  const index = layers.indexOf(id) + direction;
  if (index >= 0 && index < layers.childrenOf(parent).length) {
    moveLayer(session, id, parent, index);
  } else if (parent !== null) {
    const above = layers.indexOf(parent) + (direction === 1 ? 1 : 0);
    moveLayer(session, id, layers.get(parent).record.parent, above);
  }
}

/** A tile without what is selected of it; soft edges keep a part. */
function cleared(data: Uint8Array, selected: Uint8Array, format: PixelFormat): Uint8Array {
  const bytes = Uint8Array.from(data);
  const out = tileSamples(bytes, format);
  for (let i = 0; i < selected.length; i++) {
    const keep = 255 - (selected[i] ?? 0);
    if (keep === 0) out.fill(0, i * 4, i * 4 + 4);
    else if (keep < 255) out[i * 4 + 3] = Math.round(((out[i * 4 + 3] ?? 0) * keep) / 255);
  }
  return bytes;
}

/** Makes a layer part of the one below it. */
export function mergeDown(session: DocumentSession, id: string): void {
  const { layers } = session.document;
  const { name, parent } = layers.get(id).record;
  const below = layers.childrenOf(parent)[layers.indexOf(id) - 1];
  if (recordEdit(session, `Merge ${name} down`, () => mergeDownChanges(session.document, id)) && below)
    session.chooseLayer(below);
}

/** Makes one layer of a group. */
export function mergeGroup(session: DocumentSession, id: string): void {
  const merged = crypto.randomUUID();
  const { name } = session.document.layers.get(id).record;
  if (recordEdit(session, `Merge ${name}`, () => mergeGroupChanges(session.document, id, merged)))
    session.chooseLayer(merged);
}

/** Makes one layer of all that is seen. */
export function mergeAllVisible(session: DocumentSession): void {
  const merged = crypto.randomUUID();
  if (recordEdit(session, 'Merge visible', () => mergeVisibleChanges(session.document, merged)))
    session.chooseLayer(merged);
}

/** Adds a layer of all that is seen above the active one. */
export function stampVisible(session: DocumentSession): void {
  const pixels = copyVisible(session.document, null);
  if (!pixels) {
    tell({ level: 'info', message: 'Nothing is visible to merge.', remedy: '' });
    return;
  }
  const layer = { id: crypto.randomUUID(), name: freeName(session, 'Merged') };
  const place = placeAboveActive(session);
  if (
    recordEdit(session, 'Merge visible to a new layer', () =>
      pasteChanges(session.document, pixels, pixels.rect, layer, place),
    )
  )
    session.chooseLayer(layer.id);
}

/** Takes a group, or the one around a layer, away and leaves its layers. */
export function ungroup(session: DocumentSession, id: string): void {
  const { layers } = session.document;
  const { kind, parent } = layers.get(id).record;
  const group = kind === 'group' ? id : (parent ?? id);
  const next = group === id ? layers.childrenOf(group).at(-1) : id;
  const { name } = layers.get(group).record;
  if (recordEdit(session, `Ungroup ${name}`, () => ungroupChanges(session.document, group)) && next)
    session.chooseLayer(next);
}

/** Empties a layer, or what is selected of it. */
export function clearLayer(session: DocumentSession, id: string): void {
  let layer: Layer;
  try {
    layer = paintableLayer(session.document, id);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, id, error);
    return;
  }
  const { mask } = session.selection;
  const tiles = [...layer.tiles.entries()].flatMap(({ x, y, stored }): TileChange[] => {
    if (!mask) return [{ x, y, data: null }];
    const selected = mask.get(x, y);
    return selected ? [{ x, y, data: cleared(stored.peek(), selected, layer.format) }] : [];
  });
  if (tiles.length === 0) {
    tell({ level: 'info', message: `"${layer.record.name}" has nothing to clear here.`, remedy: '' });
    return;
  }
  session.record(`Clear ${layer.record.name}`, [{ type: 'tiles', layerId: id, tiles }]);
}

/** Makes the next layer above (1) or below (-1) in the list the active one. */
export function chooseNeighbour(session: DocumentSession, direction: 1 | -1): void {
  const order = displayOrder(session);
  const at = order.indexOf(session.activeLayerId ?? '');
  const next = order[at - direction];
  if (next) session.chooseLayer(next);
}

/** Ids as the panel lists them: top first, a group before what stands in it. */
function displayOrder(session: DocumentSession): string[] {
  const { layers } = session.document;
  const walk = (parent: string | null): string[] =>
    layers
      .childrenOf(parent)
      .toReversed()
      .flatMap((id) => [id, ...walk(id)]);
  return walk(null);
}
