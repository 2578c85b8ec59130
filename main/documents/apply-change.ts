import type { Database } from 'better-sqlite3';
import type { BlobStore } from './blob-store.ts';
import { convertTiles } from './convert-tiles.ts';
import type { LayerTree } from './layer-tree.ts';
import { readCanvas, readFormat, writeFormat, writeMeta } from './meta.ts';
import { readNote, writeNote } from './notes.ts';
import { refuse } from './refuse.ts';
import { type StoredChange, storedTiles } from './stored-change.ts';
import { dropTiles, putTiles, tilesOf, type Plane } from './tile-rows.ts';

/** The parts of an open document that changes act on. */
export interface DocumentTables {
  readonly db: Database;
  readonly layers: LayerTree;
  readonly blobs: BlobStore;
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
      const { layerId } = change;
      const layer = layers.get(layerId);
      const before = Object.fromEntries(
        Object.keys(change.props).map((key) => [key, layer[key as keyof typeof layer] ?? null]),
      );
      layers.update({ ...layer, ...change.props } as typeof layer);
      const restoreMask = change.props.mask === null ? allTiles(db, layerId, 'mask') : [];
      if (change.props.mask === null) dropTiles(db, layerId, 'mask');
      return [{ type: 'layer-props', layerId, props: before }, ...restoreMask];
    }
    case 'tiles':
    case 'mask-tiles': {
      const { layerId, tiles } = change;
      const plane: Plane = change.type === 'tiles' ? 'pixels' : 'mask';
      if (layers.get(layerId).mask === null && plane === 'mask' && tiles.length > 0)
        throw refuse('no-mask', `Layer "${layerId}" has no mask.`);
      return [storedTiles(plane, layerId, putTiles(db, layerId, plane, tiles))];
    }
    case 'canvas': {
      const before = readCanvas(db);
      writeMeta(db, 'width', change.width);
      writeMeta(db, 'height', change.height);
      return [{ type: 'canvas', ...before }];
    }
    case 'format':
      return changeFormat(tables, change);
    case 'note': {
      const { key, blob } = change;
      const before = readNote(db, key);
      writeNote(db, key, blob === null ? null : tables.blobs.getNote(blob));
      return [{ type: 'note', key, blob: before && tables.blobs.put(before) }];
    }
  }
}

/** Every tile of a plane as the change that puts them back; none when there are none. */
function allTiles(db: Database, layerId: string, plane: Plane): StoredChange[] {
  const tiles = tilesOf(db, layerId, plane);
  return tiles.length > 0 ? [storedTiles(plane, layerId, tiles)] : [];
}

function changeFormat(
  { db, layers, blobs }: DocumentTables,
  { format }: Extract<StoredChange, { type: 'format' }>,
): StoredChange[] {
  const before = readFormat(db);
  writeFormat(db, format);
  const back: StoredChange[] = [{ type: 'format', format: before }];
  const depth = format.depth ?? before.depth;
  if (depth === before.depth) return back;
  // From 16 bits something is lost, so the way back brings the pixels themselves.
  if (depth < before.depth) {
    for (const { id } of layers.all()) back.push(...allTiles(db, id, 'pixels'), ...allTiles(db, id, 'mask'));
  }
  convertTiles(db, blobs, before.depth, depth);
  return back;
}

function removeSubtree(tables: DocumentTables, layerId: string): StoredChange[] {
  const { db, layers } = tables;
  const layer = layers.get(layerId);
  const index = layers.indexOf(layerId);
  const children = layers.children(layerId);
  // Removed one by one from the top, so the last one's undo comes first and finds its place.
  const restoreChildren = children.reverse().flatMap((child) => [removeSubtree(tables, child.id)]);
  const pixels = [...allTiles(db, layerId, 'pixels'), ...allTiles(db, layerId, 'mask')];
  dropTiles(db, layerId, 'pixels');
  dropTiles(db, layerId, 'mask');
  layers.remove(layerId);
  return [
    { type: 'layer-add', layer, parent: layer.parent, index },
    ...pixels,
    ...restoreChildren.reverse().flat(),
  ];
}
