import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Database } from 'better-sqlite3';
import {
  type Change,
  type DocumentState,
  type HistoryStep,
  type NoteKey,
  packPlaces,
  type SavePoint,
  StudioError,
  TILE_EDGE,
} from '../../preload/contract/index.ts';
import { pixelChange } from '../../renderer/engine/changes.ts';
import { layerRecord } from '../../renderer/engine/layers/layer-record.ts';
import { colourFormat, tileSamples } from '../../renderer/engine/tiles/tile.ts';
import { readCanvas, readFormat, readMeta, type StoredFormat, writeFormat, writeMeta } from './meta.ts';
import { placesOf, type Plane, rowsWithTiles, tilesOf } from './tile-rows.ts';
import { readNotes } from './notes.ts';
import { openBlobStore } from './blob-store.ts';
import { guarded, guardDocument } from './guard-document.ts';
import { openJournal } from './journal.ts';
import { openLayerTree } from './layer-tree.ts';
import { createDatabase, openDatabase, type OpenedDatabase, renameDatabase } from './open-database.ts';
import { openSavePoints } from './save-points.ts';
import { inParts, type StoredChange } from './stored-change.ts';
import { thinHistory, type ThinningLimits } from './thin-history.ts';
import { vacuumSlice, vacuumWhole } from './vacuum.ts';

/** One tile of a layer, with its pixels. */
export interface LayerTile {
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Rows of tiles from one up to another. */
export interface TileRows {
  readonly from: number;
  readonly to: number;
}

/** An open `.impasto` file. Everything it says is on disk, and everything it is told is when it returns. */
export interface StoredDocument {
  readonly path: string;
  state(): DocumentState;
  /** @param rows only tiles of these rows, the last one not counted; all when left out. */
  readLayer(layerId: string, rows?: TileRows): LayerTile[];
  /** Tiles of its mask, one channel; none for a layer without one. */
  readMask(layerId: string, rows?: TileRows): LayerTile[];
  /** Where a layer and its mask have pixels, and of which content. */
  readPlaces(layerId: string): { pixels: Uint8Array<ArrayBuffer>; mask: Uint8Array<ArrayBuffer> };
  /** Tiles' pixels by the hashes of their content. */
  readPixels(hashes: readonly string[]): Uint8Array<ArrayBuffer>[];
  /** The rows of tiles in which a layer has pixels, one by one from the top. */
  rowsOf(layerId: string): TileRows[];
  /** Pixels per inch to be noted in files; null when nobody has said. */
  resolution(): number | null;
  /** What is kept beside the picture. */
  readNotes(): { key: NoteKey; bytes: Uint8Array<ArrayBuffer> }[];
  /** The small picture that is shown while the document is opened, as an encoded file; null where none was kept. */
  readOverview(): Uint8Array<ArrayBuffer> | null;
  /** Replaces it; it is no part of the history. */
  writeOverview(bytes: Uint8Array): void;
  /** True while parts of a transaction wait for its commit; closing forgets them. */
  isStaging(): boolean;
  /** Takes in a part of a transaction; see `documents.stage-part`. @throws StudioError `document/parts-missing` */
  stagePart(part: number, changes: readonly Change[]): void;
  /**
   * Applies and journals a transaction, of the parts that were taken in for it and these changes; throws and changes
   * nothing when it does not fit.
   * @param parts how many; none unless told.
   */
  commit(label: string, changes: readonly Change[], parts?: number): HistoryStep;
  /** A part of what {@link moveHead} would apply, with pixels: some 256 tiles. */
  readMove(head: number, part: number): { changes: Change[]; parts: number };
  /** Undoes or redoes up to a step; `withChanges` also returns what was applied, with pixels. */
  moveHead(head: number, withChanges: boolean): { head: number; changes: Change[] };
  /** What undoes or redoes one step of the history, with pixels. */
  stepChanges(seq: number, direction: 'undo' | 'redo'): Change[];
  /** Keeps the present state under a name. */
  addSavePoint(name: string): SavePoint;
  renameSavePoint(id: number, name: string): SavePoint;
  removeSavePoint(id: number): void;
  /** What leads from the present state to a save point, with pixels. */
  readSavePoint(id: number, part?: number): { name: string; changes: Change[]; parts: number };
  /** Seq of the newest step that was thinned out. */
  floor(): number;
  /** When the last step was made, in milliseconds since the epoch; 0 before the first. */
  lastTime(): number;
  /**
   * A slice of tidying for idle time: thins the history to its budget, forgets unused pixels, gives freed pages back to
   * the disk. @returns true while there is more to do.
   */
  maintain(): boolean;
  /** Writes a compact copy under another name to a path where nothing lies yet. */
  copyTo(path: string, name: string): void;
  close(): void;
}

/** What a new document is made with besides its size. */
export interface NewDocumentOptions {
  readonly depth?: StoredFormat['depth'] | undefined;
  readonly colourSpace?: StoredFormat['colourSpace'] | undefined;
  /** Colour (channels 0..1) of the locked sheet at the bottom; null for no sheet. White unless told. */
  readonly background?: readonly [red: number, green: number, blue: number] | null | undefined;
}

/** Creates a document file with a sheet of one colour and one empty layer above it: 8 bits and sRGB unless told. */
export function createDocumentFile(
  path: string,
  name: string,
  width: number,
  height: number,
  options: NewDocumentOptions = {},
): void {
  const { depth = 8, colourSpace = 'srgb', background = [1, 1, 1] } = options;
  createDatabase(path, (db) => {
    writeMeta(db, 'name', name);
    writeMeta(db, 'width', width);
    writeMeta(db, 'height', height);
    writeMeta(db, 'head', 0);
    writeFormat(db, { depth, colourSpace });
    const layers = openLayerTree(db);
    layers.insert(layerRecord({ id: randomUUID(), name: 'Layer 1' }), null, 0);
    if (!background) return;
    const sheet = layerRecord({ id: randomUUID(), name: 'Sheet' });
    layers.insert({ ...sheet, locked: true }, null, 0);
    fillSheet(db, sheet.id, width, height, depth, background);
  });
}

/**
 * Opens a document file; see {@link openDatabase} for what it throws.
 * @param id by which it goes while it is open; a new one unless told.
 */
export function openDocument(
  path: string,
  limits?: ThinningLimits,
  id: string = randomUUID(),
): StoredDocument {
  const opened = guardDocument(basename(path), () => openDatabase(path));
  try {
    return guardDocument(basename(path), () => storedDocument(id, path, opened, limits));
  } catch (error) {
    opened.db.close();
    opened.lock?.release();
    throw error;
  }
}

/** Equal tiles are one array, in memory and on their way. */
function readOnce(get: (blob: number) => Uint8Array<ArrayBuffer>): typeof get {
  const known = new Map<number, Uint8Array<ArrayBuffer>>();
  return (blob) => {
    const pixels = known.get(blob) ?? get(blob);
    known.set(blob, pixels);
    return pixels;
  };
}

function storedDocument(
  id: string,
  path: string,
  { db, lock, readOnly }: OpenedDatabase,
  limits: ThinningLimits | undefined,
): StoredDocument {
  const layers = openLayerTree(db);
  const blobs = openBlobStore(db);
  const journal = openJournal({ db, layers, blobs });
  const savePoints = openSavePoints({ db, layers, blobs });

  const mustWrite = (): void => {
    if (readOnly !== null)
      throw new StudioError('document/read-only', readOnly.reason, 'Save a copy and go on in that.');
  };
  const readPlane = (layerId: string, plane: Plane, rows?: TileRows): LayerTile[] => {
    const read = readOnce((blob) => blobs.get(blob));
    return tilesOf(db, layerId, plane, rows).map(({ x, y, blob }) => ({ x, y, data: read(blob) }));
  };
  const withPixels = (change: StoredChange): Change => {
    if (change.type === 'note')
      return {
        type: 'note',
        key: change.key,
        bytes: change.blob === null ? null : blobs.getNote(change.blob),
      };
    if (change.type !== 'tiles' && change.type !== 'mask-tiles') return change;
    const read = readOnce((blob) => blobs.get(blob));
    const tiles = change.tiles.map(({ x, y, blob }) => ({
      x,
      y,
      data: blob === null ? null : read(blob),
    }));
    return pixelChange(change.type === 'tiles' ? 'pixels' : 'mask', change.layerId, tiles);
  };

  const misplaced = readOnly === null ? db.transaction(() => layers.rescue()).immediate() : layers.strays();
  const notices = misplaced.map(
    (name) => `Layer "${name}" stood in a group that is not there; it is shown at the top.`,
  );

  const resolution = (): number | null => {
    const stored = Number(readMeta(db, 'resolution'));
    return stored >= 1 && stored <= 100_000 ? stored : null;
  };

  const tidy = (): void => {
    thinHistory(db, limits);
    blobs.collect();
    vacuumWhole(db);
    db.pragma('wal_checkpoint(TRUNCATE)');
  };

  return guarded(basename(path), {
    path,
    state: () => ({
      id,
      name: String(readMeta(db, 'name')),
      path,
      ...readCanvas(db),
      ...readFormat(db),
      resolution: resolution(),
      layers: layers.all(),
      readOnly: readOnly?.reason ?? null,
      readOnlyCause: readOnly?.cause ?? null,
      notices,
      history: journal.steps(),
      head: journal.head(),
      floor: journal.floor(),
      // A newer layout need not have them where this one looks.
      savePoints: readOnly?.cause === 'newer-version' ? [] : savePoints.all(),
    }),
    readLayer(layerId, rows) {
      layers.get(layerId);
      return readPlane(layerId, 'pixels', rows);
    },
    readMask(layerId, rows) {
      // An older layout that is only looked at has no table of masks.
      return layers.get(layerId).mask === null ? [] : readPlane(layerId, 'mask', rows);
    },
    readPlaces(layerId) {
      const { mask } = layers.get(layerId);
      return {
        pixels: packPlaces(placesOf(db, layerId, 'pixels')),
        mask: packPlaces(mask === null ? [] : placesOf(db, layerId, 'mask')),
      };
    },
    readPixels: (hashes) => hashes.map((hash) => blobs.getByHash(hash)),
    rowsOf: (layerId) => rowsWithTiles(db, layerId).map((y) => ({ from: y, to: y + 1 })),
    resolution,
    readNotes: () => readNotes(db),
    readOverview() {
      const bytes = readMeta(db, 'overview');
      return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null;
    },
    writeOverview(bytes) {
      mustWrite();
      writeMeta(db, 'overview', bytes);
    },
    isStaging: () => journal.isStaging(),
    stagePart(part, changes) {
      mustWrite();
      journal.stage(part, changes);
    },
    commit(label, changes, parts = 0) {
      mustWrite();
      return journal.commit(label, changes, parts);
    },
    readMove(head, part) {
      const parts = inParts(journal.changesTo(head));
      return { changes: (parts[part] ?? []).map(withPixels), parts: parts.length };
    },
    moveHead(head, withChanges) {
      mustWrite();
      const applied = journal.moveHead(head);
      const changes = withChanges ? applied.map(withPixels) : [];
      return { head, changes };
    },
    stepChanges: (seq, direction) => journal.changesOf(seq, direction).map(withPixels),
    addSavePoint(name) {
      mustWrite();
      return savePoints.add(name, journal.head());
    },
    renameSavePoint(savePointId, name) {
      mustWrite();
      return savePoints.rename(savePointId, name);
    },
    removeSavePoint(savePointId) {
      mustWrite();
      savePoints.remove(savePointId);
    },
    readSavePoint(savePointId, part = 0) {
      const { name, changes, aids } = savePoints.changesTo(savePointId);
      const parts = inParts(changes);
      const isLast = part === parts.length - 1;
      const note: Change[] = isLast && aids !== undefined ? [{ type: 'note', key: 'aids', bytes: aids }] : [];
      return { name, changes: [...(parts[part] ?? []).map(withPixels), ...note], parts: parts.length };
    },
    floor: () => journal.floor(),
    lastTime: () => journal.lastTime(),
    maintain() {
      if (readOnly !== null) return false;
      thinHistory(db, limits);
      // Pixels of parts belong to no step yet.
      if (!journal.isStaging()) blobs.collect();
      return vacuumSlice(db);
    },
    copyTo(target, name) {
      db.prepare('VACUUM INTO ?').run(target);
      renameDatabase(target, name);
    },
    close() {
      try {
        if (readOnly === null) tidy();
      } catch {
        // Tidying waits for another time; what was committed is on disk.
      } finally {
        db.close();
        lock?.release();
      }
    },
  } satisfies StoredDocument);
}

function fillSheet(
  db: Database,
  layerId: string,
  width: number,
  height: number,
  depth: StoredFormat['depth'],
  colour: readonly [number, number, number],
): void {
  const format = colourFormat(depth);
  const tile = new Uint8Array(format.tileBytes);
  const samples = tileSamples(tile, format);
  const pixel = [...colour, 1].map((value) => Math.round(Math.min(1, Math.max(0, value)) * format.maximum));
  for (let i = 0; i < samples.length; i++) samples[i] = pixel[i % 4] as number;
  const blob = openBlobStore(db).put(tile);
  const put = db.prepare('INSERT INTO tile (layer, x, y, blob) VALUES (?, ?, ?, ?)');
  for (let y = 0; y * TILE_EDGE < height; y++) {
    for (let x = 0; x * TILE_EDGE < width; x++) put.run(layerId, x, y, blob);
  }
}

/** A document's file name without its extension. */
export function documentName(path: string): string {
  return basename(path).replace(/\.impasto$/i, '');
}
