import type { Database } from 'better-sqlite3';
import { type LayerRecord, layerRecordSchema, StudioError } from '../../preload/contract/index.ts';
import { refuse } from './refuse.ts';

/** A document's layers as rows: order among siblings is `position`, 0 at the bottom. */
export interface LayerTree {
  /** Every layer, parents before children, siblings bottom to top; those without a place come last, at the top. */
  all(): LayerRecord[];
  /** Names of layers whose group is missing, is no group or lies within them. */
  strays(): string[];
  /** Puts them at the top, for good; returns their names. */
  rescue(): string[];
  /** Throws `document/layer-unknown`. */
  get(layerId: string): LayerRecord;
  has(layerId: string): boolean;
  /** Place among its siblings. */
  indexOf(layerId: string): number;
  children(parent: string | null): LayerRecord[];
  insert(layer: LayerRecord, parent: string | null, index: number): void;
  /** Takes out one layer that has no children. */
  remove(layerId: string): void;
  move(layerId: string, parent: string | null, index: number): void;
  update(layer: LayerRecord): void;
}

interface LayerRow {
  readonly id: string;
  readonly parent: string | null;
  readonly record: string;
}

/** Opens the layer rows of a document's database. */
export function openLayerTree(db: Database): LayerTree {
  const select = db.prepare<[string], LayerRow>('SELECT id, parent, record FROM layer WHERE id = ?');
  const siblings = db.prepare<[string | null], LayerRow>(
    'SELECT id, parent, record FROM layer WHERE parent IS ? ORDER BY position',
  );
  const place = db.prepare('UPDATE layer SET parent = ?, position = ? WHERE id = ?');

  const children = (parent: string | null): LayerRecord[] => siblings.all(parent).map(parseRow);

  const get = (layerId: string): LayerRecord => {
    const row = select.get(layerId);
    if (!row) throw refuse('layer-unknown', `There is no layer "${layerId}" in this document.`);
    return parseRow(row);
  };

  const renumber = (parent: string | null, order: readonly string[]): void => {
    order.forEach((id, position) => place.run(parent, position, id));
  };

  const checkPlace = (parent: string | null, index: number, count: number): void => {
    if (parent !== null && get(parent).kind !== 'group') {
      throw refuse('layer-not-group', `Layer "${parent}" is not a group and cannot hold layers.`);
    }
    if (index > count) throw refuse('layer-place', `Place ${index} is beyond the ${count} layers there.`);
  };

  const holds = (ancestor: string, layerId: string | null): boolean => {
    for (let id = layerId; id !== null; id = get(id).parent) if (id === ancestor) return true;
    return false;
  };

  const count = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM layer');
  const rows = db.prepare<[], LayerRow>('SELECT id, parent, record FROM layer ORDER BY position');

  /** @param seen what stands somewhere already: groups of a damaged file may hold one another. */
  const collect = (parent: string | null, seen = new Set<string>()): LayerRecord[] =>
    children(parent).flatMap((layer) => {
      if (seen.has(layer.id)) return [];
      seen.add(layer.id);
      return [layer, ...(layer.kind === 'group' ? collect(layer.id, seen) : [])];
    });

  /** Layers that no walk from the top reaches, by whatever a damaged or hostile file says of their groups. */
  const strays = (placed: readonly LayerRecord[]): LayerRecord[] => {
    if (count.get()?.count === placed.length) return [];
    const known = new Set(placed.map(({ id }) => id));
    const lost = rows
      .all()
      .map(parseRow)
      .filter(({ id }) => !known.has(id));
    const groups = new Set(lost.filter(({ kind }) => kind === 'group').map(({ id }) => id));
    const tops = lost.filter(({ id, parent }) => parent === id || !groups.has(parent ?? ''));
    return tops.length > 0 ? tops : inCircle(lost);
  };

  return {
    all() {
      const placed = collect(null);
      for (let found = strays(placed); found.length > 0; found = strays(placed)) {
        for (const layer of found) {
          const seen = new Set([layer.id]);
          placed.push({ ...layer, parent: null });
          if (layer.kind === 'group') placed.push(...collect(layer.id, seen));
        }
      }
      return placed;
    },
    strays: () => strays(collect(null)).map(({ name }) => name),
    rescue() {
      const names: string[] = [];
      for (let found = strays(collect(null)); found.length > 0; found = strays(collect(null))) {
        for (const { id, name } of found) {
          place.run(null, children(null).length, id);
          names.push(name);
        }
      }
      return names;
    },
    get,
    has: (layerId) => select.get(layerId) !== undefined,
    indexOf: (layerId) => children(get(layerId).parent).findIndex(({ id }) => id === layerId),
    children,
    insert(layer, parent, index) {
      if (select.get(layer.id)) throw refuse('layer-exists', `There is already a layer "${layer.id}".`);
      const order = children(parent).map(({ id }) => id);
      checkPlace(parent, index, order.length);
      db.prepare('INSERT INTO layer (id, parent, position, record) VALUES (?, ?, ?, ?)').run(
        layer.id,
        parent,
        order.length,
        JSON.stringify({ ...layer, parent }),
      );
      renumber(parent, order.toSpliced(index, 0, layer.id));
    },
    remove(layerId) {
      const { parent } = get(layerId);
      db.prepare('DELETE FROM layer WHERE id = ?').run(layerId);
      renumber(
        parent,
        children(parent).map(({ id }) => id),
      );
    },
    move(layerId, parent, index) {
      const layer = get(layerId);
      if (holds(layerId, parent)) throw refuse('layer-place', 'A group cannot be moved into itself.');
      const order = children(parent)
        .map(({ id }) => id)
        .filter((id) => id !== layerId);
      checkPlace(parent, index, order.length);
      db.prepare('UPDATE layer SET record = ? WHERE id = ?').run(
        JSON.stringify({ ...layer, parent }),
        layerId,
      );
      renumber(parent, order.toSpliced(index, 0, layerId));
      if (layer.parent !== parent) {
        renumber(
          layer.parent,
          children(layer.parent).map(({ id }) => id),
        );
      }
    },
    update(layer) {
      db.prepare('UPDATE layer SET record = ? WHERE id = ?').run(JSON.stringify(layer), layer.id);
    },
  };
}

/** Of layers that all stand in one another: one by which the circle can be cut. */
function inCircle(layers: readonly LayerRecord[]): LayerRecord[] {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const seen = new Set<string>();
  let at = layers[0];
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    at = byId.get(at.parent ?? '');
  }
  return at ? [at] : [];
}

function parseRow({ id, parent, record }: LayerRow): LayerRecord {
  let json: unknown;
  try {
    json = JSON.parse(record);
  } catch {
    json = null;
  }
  const parsed = layerRecordSchema.safeParse(json);
  // The row says where a layer stands; a record that says otherwise was written by somebody else.
  if (parsed.success && parsed.data.id === id) return { ...parsed.data, parent };
  throw new StudioError(
    'document/layer-damaged',
    `The description of layer "${id}" cannot be read; nothing was changed.`,
    'Open an older copy of the document, or remove the file and restore it from a backup.',
  );
}
