import type { Change } from '../engine/changes.ts';
import { type LayerProps, type LayerRecord, layerRecord } from '../engine/layers/layer-record.ts';
import type { TileChange } from '../engine/tiles/tile.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { tell } from '../state/status-store.ts';

/** A name like `Layer 3` that no layer has yet. */
function freeName(session: DocumentSession, stem: string): string {
  const names = new Set([...session.document.layers.all()].map((layer) => layer.record.name));
  for (let number = 1; ; number++) {
    const name = `${stem} ${number}`;
    if (!names.has(name)) return name;
  }
}

/** Where a new layer goes: directly above the active one, in its group; inside an active group, on top. */
export function placeAboveActive(session: DocumentSession): { parent: string | null; index: number } {
  const { layers } = session.document;
  const active = session.activeLayerId ? layers.find(session.activeLayerId) : undefined;
  if (!active) return { parent: null, index: layers.childrenOf(null).length };
  const { id, kind, parent } = active.record;
  if (kind === 'group') return { parent: id, index: layers.childrenOf(id).length };
  return { parent, index: layers.indexOf(id) + 1 };
}

/** Adds a clear layer above the active one and makes it active. */
export function addLayer(session: DocumentSession): void {
  const layer = layerRecord({ id: crypto.randomUUID(), name: freeName(session, 'Layer') });
  const place = placeAboveActive(session);
  session.record('New layer', [{ type: 'layer-add', layer: { ...layer, parent: place.parent }, ...place }]);
  session.chooseLayer(layer.id);
}

/** Puts the active layer into a new group; without one, adds an empty group. */
export function groupActive(session: DocumentSession): void {
  const group = layerRecord({
    id: crypto.randomUUID(),
    kind: 'group',
    name: freeName(session, 'Group'),
    blend: 'pass-through',
  });
  const active = session.activeLayerId;
  const { layers } = session.document;
  const parent = active ? layers.get(active).record.parent : null;
  const index = active ? layers.indexOf(active) + 1 : layers.childrenOf(null).length;
  const changes: Change[] = [{ type: 'layer-add', layer: { ...group, parent }, parent, index }];
  if (active) changes.push({ type: 'layer-move', layerId: active, parent: group.id, index: 0 });
  session.record('Group', changes);
}

/** Deletes a layer; undo brings it back. The last layer with pixels stays. */
export function deleteLayer(session: DocumentSession, id: string): void {
  const { layers } = session.document;
  const inside = new Set([...layers.subtree(id)].map((layer) => layer.record.id));
  const others = [...layers.all()].filter((layer) => !inside.has(layer.record.id));
  if (!others.some((layer) => layer.record.kind !== 'group')) {
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
  const { layers } = session.document;
  const ids = new Map<string, string>();
  const changes: Change[] = [];
  for (const layer of layers.subtree(id)) {
    const { record } = layer;
    const copyId = crypto.randomUUID();
    ids.set(record.id, copyId);
    const root = record.id === id;
    const parent = root ? record.parent : (ids.get(record.parent ?? '') ?? null);
    const index = layers.indexOf(record.id) + (root ? 1 : 0);
    const name = root ? `${record.name} copy`.slice(0, 256) : record.name;
    changes.push({ type: 'layer-add', layer: { ...record, id: copyId, name, parent }, parent, index });
    if (layer.tiles.size > 0)
      changes.push({ type: 'tiles', layerId: copyId, tiles: [...layer.tiles.entries()] });
  }
  session.record(`Duplicate ${layers.get(id).record.name}`, changes);
  const copy = ids.get(id);
  if (copy) session.chooseLayer(copy);
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
function cleared(data: Uint8Array, selected: Uint8Array): Uint8Array {
  const out = Uint8Array.from(data);
  for (let i = 0; i < selected.length; i++) {
    const keep = 255 - (selected[i] ?? 0);
    if (keep === 0) out.fill(0, i * 4, i * 4 + 4);
    else if (keep < 255) out[i * 4 + 3] = Math.round(((out[i * 4 + 3] ?? 0) * keep) / 255);
  }
  return out;
}

/** Empties a layer, or what is selected of it. */
export function clearLayer(session: DocumentSession, id: string): void {
  const layer = session.document.layers.get(id);
  if (layer.record.locked || layer.tiles.size === 0) return;
  const { mask } = session.selection;
  const tiles = [...layer.tiles.entries()].flatMap(({ x, y, data }): TileChange[] => {
    if (!mask) return [{ x, y, data: null }];
    const selected = mask.get(x, y);
    return selected ? [{ x, y, data: cleared(data, selected) }] : [];
  });
  if (tiles.length > 0) session.record(`Clear ${layer.record.name}`, [{ type: 'tiles', layerId: id, tiles }]);
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
