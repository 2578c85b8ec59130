import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type LayerRecord, layerRecordSchema, StudioError } from '../../../preload/contract/index.ts';
import { packAids } from '../../../renderer/engine/aids/aids.ts';
import { cutTiles } from '../../../renderer/engine/formats/cut-tiles.ts';
import type { FileLayer, FileLoss, LayeredPicture } from '../../../renderer/engine/formats/picture-file.ts';
import { holdsPixels } from '../../../renderer/engine/layers/layer-record.ts';
import { colourFormat, maskFormat } from '../../../renderer/engine/tiles/tile.ts';
import { openBlobStore } from '../blob-store.ts';
import { writeFormat, writeMeta } from '../meta.ts';
import { writeNote } from '../notes.ts';
import { buildDatabase } from '../open-database.ts';
import { aidsOfPicture } from './aids-in-files.ts';
import { colourSpaceOf } from './profiles.ts';
import { type Progress, throwIfStopped } from './progress.ts';

/**
 * Writes a picture as a new document: whole under its name when this resolves, or not there at all.
 * @returns what was lost on top of what the file's reader has said.
 * @throws StudioError `document/exists`; FormatError when a layer's pixels cannot be read.
 */
export async function storePicture(
  picture: LayeredPicture,
  path: string,
  name: string,
  progress: Progress,
): Promise<FileLoss[]> {
  const losses: FileLoss[] = [];
  const part = `${path}.${process.pid}.part`;
  try {
    await buildDatabase(part, async (db) => {
      writeMeta(db, 'name', name);
      writeMeta(db, 'width', picture.width);
      writeMeta(db, 'height', picture.height);
      writeMeta(db, 'head', 0);
      if (picture.resolution !== null) writeMeta(db, 'resolution', picture.resolution);
      writeFormat(db, {
        depth: picture.depth,
        colourSpace: colourSpaceOf(picture.profile),
        ...(picture.profile && { profile: picture.profile }),
      });
      const aids = packAids(aidsOfPicture(picture));
      if (aids) writeNote(db, 'aids', aids);
      await writeLayers(db, picture, progress, losses);
    });
    putInPlace(part, path);
  } finally {
    for (const file of [part, `${part}-wal`, `${part}-shm`, `${part}-journal`]) rmSync(file, { force: true });
  }
  return losses;
}

/** Gives a finished file its name, unless something has it by now. */
function putInPlace(part: string, path: string): void {
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(part, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST' || existsSync(path))
      throw new StudioError(
        'document/exists',
        `${basename(path)} exists already and was left as it is.`,
        'Choose another name.',
      );
    // Some file systems have no links.
    renameSync(part, path);
  }
}

/** Writes layers into an empty document, one layer's pixels in memory at a time. */
async function writeLayers(
  db: Database,
  picture: LayeredPicture,
  progress: Progress,
  losses: FileLoss[],
): Promise<void> {
  const insert = db.prepare('INSERT INTO layer (id, parent, position, record) VALUES (?, ?, ?, ?)');
  const putTile = db.prepare('INSERT INTO tile (layer, x, y, blob) VALUES (?, ?, ?, ?)');
  const putMask = db.prepare('INSERT INTO mask_tile (layer, x, y, blob) VALUES (?, ?, ?, ?)');
  const blobs = openBlobStore(db);
  const { depth } = picture;
  const total = Math.max(1, countLayers(picture.layers));
  let done = 0;

  const writePixels = async (layer: FileLayer, record: LayerRecord): Promise<void> => {
    if (holdsPixels(record.kind)) {
      const pixels = await layer.pixels?.();
      const tiles = pixels ? cutTiles(pixels, colourFormat(depth)) : (layer.tiles?.() ?? []);
      for (const { x, y, data } of tiles) {
        throwIfStopped(progress);
        putTile.run(record.id, x, y, blobs.put(data));
      }
    }
    if (record.mask) {
      const format = maskFormat(depth);
      const outside = Math.round(record.mask.outside * format.maximum);
      const mask = await layer.mask?.();
      const tiles = mask ? cutTiles(mask, format, outside) : (layer.maskTiles?.() ?? []);
      for (const { x, y, data } of tiles) putMask.run(record.id, x, y, blobs.put(data));
    }
  };

  const write = async (layers: readonly FileLayer[], parent: string | null): Promise<void> => {
    for (const [position, layer] of layers.entries()) {
      throwIfStopped(progress);
      const record = recordOf(layer, parent, losses);
      insert.run(record.id, parent, position, JSON.stringify(record));
      await writePixels(layer, record);
      done += 1;
      progress.report(done / total, layer.record.name);
      await write(layer.children, record.id);
    }
  };
  await write(picture.layers, null);
}

/** The layer's record, or that of an empty layer when the file says something that no document may hold. */
function recordOf({ record, children }: FileLayer, parent: string | null, losses: FileLoss[]): LayerRecord {
  const id = randomUUID();
  const whole = layerRecordSchema.safeParse({ ...record, id, parent });
  if (whole.success) return whole.data;
  losses.push({ layer: record.name, feature: 'Settings out of bounds', outcome: 'left-out' });
  const { fill: _fill, adjustment: _adjustment, ...plain } = record;
  const kind = children.length > 0 || record.kind === 'group' ? 'group' : 'paint';
  return layerRecordSchema.parse({ ...plain, name: record.name.slice(0, 256), kind, mask: null, id, parent });
}

/** Layers and groups of a tree. */
export function countLayers(layers: readonly FileLayer[]): number {
  return layers.reduce((sum, { children }) => sum + 1 + countLayers(children), 0);
}
