import { z } from 'zod';
import { type Change, changeSchema } from '../../preload/contract/index.ts';
import type { Plane } from './tile-rows.ts';

type TilesChange = Extract<Change, { type: 'tiles' | 'mask-tiles' }>;

type NoteChange = Extract<Change, { type: 'note' }>;

/** A change as the journal keeps it: a tile's pixels, and a note's bytes, are a row of the blob store. */
export type StoredChange =
  | Exclude<Change, TilesChange | NoteChange>
  | { type: 'note'; key: NoteChange['key']; blob: number | null }
  | { type: 'tiles'; layerId: string; tiles: StoredTile[] }
  | { type: 'mask-tiles'; layerId: string; tiles: StoredTile[] };

interface StoredTile {
  x: number;
  y: number;
  blob: number | null;
}

/** The change of one plane's tiles. */
export function storedTiles(plane: Plane, layerId: string, tiles: StoredTile[]): StoredChange {
  return plane === 'pixels' ? { type: 'tiles', layerId, tiles } : { type: 'mask-tiles', layerId, tiles };
}

const storedTilesSchema = z.object({
  type: z.enum(['tiles', 'mask-tiles']),
  layerId: z.string(),
  tiles: z.array(z.object({ x: z.number().int(), y: z.number().int(), blob: z.number().int().nullable() })),
});

const storedNoteSchema = z.object({
  type: z.literal('note'),
  key: z.enum(['selection', 'saved-selections', 'aids']),
  blob: z.number().int().nullable(),
});

/** Bytes inside JSON: only an ICC profile is, in a step that changes it. */
const BYTES_KEY = 'base64';

/** Writes changes as the journal keeps them. */
export function formatStoredChanges(changes: readonly StoredChange[]): string {
  return JSON.stringify(changes, (_key, value: unknown) =>
    value instanceof Uint8Array ? { [BYTES_KEY]: Buffer.from(value).toString('base64') } : value,
  );
}

/** Parses what the journal holds; the file may come from anywhere. Throws a ZodError or SyntaxError. */
export function parseStoredChanges(json: string): StoredChange[] {
  const parsed: unknown = JSON.parse(json, (_key, value: unknown) =>
    isBytes(value) ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value,
  );
  return z
    .array(z.unknown())
    .parse(parsed)
    .map((item): StoredChange => {
      const tiles = storedTilesSchema.safeParse(item);
      if (tiles.success)
        return storedTiles(
          tiles.data.type === 'tiles' ? 'pixels' : 'mask',
          tiles.data.layerId,
          tiles.data.tiles,
        );
      const note = storedNoteSchema.safeParse(item);
      if (note.success) return note.data;
      const change = changeSchema.parse(item);
      if (change.type === 'tiles' || change.type === 'mask-tiles' || change.type === 'note')
        throw new SyntaxError('pixels inside the journal');
      return change;
    });
}

function isBytes(value: unknown): value is { [BYTES_KEY]: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    BYTES_KEY in value &&
    typeof value[BYTES_KEY] === 'string'
  );
}

/** Every blob that a list of changes refers to. */
export function blobsOf(changes: readonly StoredChange[]): Set<number> {
  const blobs = new Set<number>();
  for (const change of changes) {
    if (change.type === 'note' && change.blob !== null) blobs.add(change.blob);
    if (change.type !== 'tiles' && change.type !== 'mask-tiles') continue;
    for (const { blob } of change.tiles) if (blob !== null) blobs.add(blob);
  }
  return blobs;
}

/** Tiles of a part of changes that goes into one message: 64 MiB of them, of deep ones 128. */
const PART_TILES = 256;

/** Changes as parts, in order, each with no more tiles than fit a message; one part at least. */
export function inParts(changes: readonly StoredChange[]): StoredChange[][] {
  const parts: StoredChange[][] = [[]];
  let room = PART_TILES;
  for (const change of changes) {
    if (change.type !== 'tiles' && change.type !== 'mask-tiles') {
      parts.at(-1)?.push(change);
      continue;
    }
    for (let at = 0; at < change.tiles.length || at === 0;) {
      if (room === 0) {
        parts.push([]);
        room = PART_TILES;
      }
      const tiles = change.tiles.slice(at, at + room);
      parts.at(-1)?.push({ ...change, tiles });
      at += Math.max(1, tiles.length);
      room -= tiles.length;
    }
  }
  return parts;
}
