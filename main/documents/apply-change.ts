import type { Database } from 'better-sqlite3';
import type { LayerTree } from './layer-tree.ts';
import type { StoredChange } from './stored-change.ts';

/** The parts of an open document that changes act on. */
export interface DocumentTables {
  readonly db: Database;
  readonly layers: LayerTree;
}

/**
 * Applies one change to the tables.
 *
 * @returns the changes that undo it, in the order in which to apply them
 * @throws StudioError `document/…` when it does not fit the document; the caller's transaction rolls back
 */
export function applyChange(tables: DocumentTables, change: StoredChange): StoredChange[] {
  const { db, layers } = tables;
  switch (change.type) {
    case 'layer-add':
      layers.insert(change.layer, change.parent, change.index);
      return [{ type: 'layer-remove', layerId: change.layer.id }];
    case 'layer-remove':
      return removeSubtree(tables, change.layerId);
    case 'layer-move': {
      const { parent } = layers.get(change.layerId);
      const index = layers.indexOf(change.layerId);
      layers.move(change.layerId, change.parent, change.index);
      return [{ type: 'layer-move', layerId: change.layerId, parent, index }];
    }
    case 'layer-props': {
      const layer = layers.get(change.layerId);
      const before = Object.fromEntries(
        Object.keys(change.props).map((key) => [key, layer[key as keyof typeof layer] ?? null]),
      );
      layers.update({ ...layer, ...change.props } as typeof layer);
      return [{ type: 'layer-props', layerId: change.layerId, props: before }];
    }
    case 'tiles':
      return [putTiles(tables, change.layerId, change.tiles)];
    case 'canvas': {
      const before = readCanvas(db);
      writeMeta(db, 'width', change.width);
      writeMeta(db, 'height', change.height);
      return [{ type: 'canvas', ...before }];
    }
  }
}

/** Canvas size in pixels. */
export function readCanvas(db: Database): { width: number; height: number } {
  return { width: Number(readMeta(db, 'width')), height: Number(readMeta(db, 'height')) };
}

/** One value of the document's own table of facts. */
export function readMeta(db: Database, key: string): unknown {
  return db.prepare<[string], { value: unknown }>('SELECT value FROM meta WHERE key = ?').get(key)?.value;
}

/** Sets one value of the document's own table of facts. */
export function writeMeta(db: Database, key: string, value: number | string): void {
  db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, value);
}

/** Where a layer has pixels. */
export function tilesOf(db: Database, layerId: string): { x: number; y: number; blob: number }[] {
  return db
    .prepare<[string], { x: number; y: number; blob: number }>('SELECT x, y, blob FROM tile WHERE layer = ?')
    .all(layerId);
}

function putTiles(
  { db, layers }: DocumentTables,
  layerId: string,
  tiles: readonly { x: number; y: number; blob: number | null }[],
): StoredChange {
  layers.get(layerId);
  const find = db.prepare<[string, number, number], { blob: number }>(
    'SELECT blob FROM tile WHERE layer = ? AND x = ? AND y = ?',
  );
  const put = db.prepare(
    'INSERT INTO tile (layer, x, y, blob) VALUES (?, ?, ?, ?) ON CONFLICT (layer, x, y) DO UPDATE SET blob = excluded.blob',
  );
  const drop = db.prepare('DELETE FROM tile WHERE layer = ? AND x = ? AND y = ?');
  const before = tiles.map(({ x, y, blob }) => {
    const previous = find.get(layerId, x, y)?.blob ?? null;
    if (blob === null) drop.run(layerId, x, y);
    else put.run(layerId, x, y, blob);
    return { x, y, blob: previous };
  });
  // Reversed, so that a tile named twice goes back to what it was before the first.
  return { type: 'tiles', layerId, tiles: before.reverse() };
}

function removeSubtree(tables: DocumentTables, layerId: string): StoredChange[] {
  const { db, layers } = tables;
  const layer = layers.get(layerId);
  const index = layers.indexOf(layerId);
  const children = layers.children(layerId);
  // Removed one by one from the top, so the last one's undo comes first and finds its place.
  const restoreChildren = children.reverse().flatMap((child) => [removeSubtree(tables, child.id)]);
  const tiles = tilesOf(db, layerId);
  db.prepare('DELETE FROM tile WHERE layer = ?').run(layerId);
  layers.remove(layerId);
  return [
    { type: 'layer-add', layer, parent: layer.parent, index },
    ...(tiles.length > 0 ? [{ type: 'tiles' as const, layerId, tiles }] : []),
    ...restoreChildren.reverse().flat(),
  ];
}
