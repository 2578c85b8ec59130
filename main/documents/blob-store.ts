import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { MAX_NOTE_BYTES, StudioError, TILE_BYTES } from '../../preload/contract/index.ts';

/** Bytes of a tile: RGBA of 16 and 8 bits, a mask's of 16 and 8. */
const SIZES: readonly number[] = [2 * TILE_BYTES, TILE_BYTES, TILE_BYTES / 2, TILE_BYTES / 4];

const ZSTD = 1;
const DEFLATE = 2;

/** Tiles' pixels and notes, stored once per content and compressed. */
export interface BlobStore {
  /** Stores one tile's pixels, or a note, unless they are there already; returns the row that holds them. */
  put(bytes: Uint8Array): number;
  /** Reads one tile's pixels back and checks them; throws `document/tile-damaged`. */
  get(id: number): Uint8Array<ArrayBuffer>;
  /** Reads one tile's pixels by the SHA-256 of their content, in hexadecimal; throws `document/tile-damaged`. */
  getByHash(hash: string): Uint8Array<ArrayBuffer>;
  /** Reads a note back and checks it; throws `document/note-damaged`. */
  getNote(id: number): Uint8Array<ArrayBuffer>;
  /** Forgets pixels that no layer, step of history or save point refers to; returns how many. */
  collect(): number;
}

/** Opens the store of a document's database. */
export function openBlobStore(db: Database): BlobStore {
  const find = db.prepare<[Buffer], { id: number }>('SELECT id FROM blob WHERE hash = ?');
  const read = db.prepare<[number], { hash: Buffer; codec: number; data: Buffer }>(
    'SELECT hash, codec, data FROM blob WHERE id = ?',
  );

  /** The bytes of a row, or null when they are not what was written. */
  const checked = (id: number, limit: number): Uint8Array<ArrayBuffer> | null => {
    const row = read.get(id);
    // A damaged file may hold text or numbers where bytes were.
    if (!row || !Buffer.isBuffer(row.hash) || !Buffer.isBuffer(row.data)) return null;
    const bytes = unpack(row.codec, row.data, limit);
    return bytes && createHash('sha256').update(bytes).digest().equals(row.hash) ? bytes : null;
  };

  return {
    put(pixels) {
      const hash = createHash('sha256').update(pixels).digest();
      const known = find.get(hash);
      if (known) return known.id;
      // Electron builds of Node have at times lacked zstd.
      const hasZstd = typeof zstdCompressSync === 'function';
      const data = hasZstd ? zstdCompressSync(pixels) : deflateRawSync(pixels, { level: 1 });
      const inserted = db
        .prepare('INSERT INTO blob (hash, codec, data) VALUES (?, ?, ?)')
        .run(hash, hasZstd ? ZSTD : DEFLATE, data);
      return Number(inserted.lastInsertRowid);
    },

    getByHash(hash) {
      const row = find.get(Buffer.from(hash, 'hex'));
      if (row) return this.get(row.id);
      throw new StudioError(
        'document/tile-damaged',
        'The document does not hold the pixels of a tile any more; the rest is untouched.',
        'Check the disk. An older step of the history may still hold the tile.',
      );
    },

    get(id) {
      const pixels = checked(id, 2 * TILE_BYTES);
      if (!pixels || !SIZES.includes(pixels.byteLength)) {
        throw new StudioError(
          'document/tile-damaged',
          `Tile ${id} of the document does not have the content that was written; the rest is untouched.`,
          'Check the disk. An older step of the history may still hold the tile.',
        );
      }
      return pixels;
    },

    getNote(id) {
      const bytes = checked(id, MAX_NOTE_BYTES);
      if (bytes) return bytes;
      throw new StudioError(
        'document/note-damaged',
        'A selection or guides of this step do not have the content that was written; the picture is untouched.',
        'Check the disk. Selecting anew makes a step that can be read.',
      );
    },

    collect() {
      return db
        .prepare(
          'DELETE FROM blob WHERE id NOT IN (SELECT blob FROM tile UNION SELECT blob FROM mask_tile UNION SELECT blob FROM step_blob UNION SELECT blob FROM save_point_blob)',
        )
        .run().changes;
    },
  };
}

/** Decompresses to at most `limit` bytes; null when the bytes are not what they claim. */
function unpack(codec: number, data: Buffer, limit: number): Uint8Array<ArrayBuffer> | null {
  try {
    const unpacked =
      codec === ZSTD
        ? zstdDecompressSync(data, { maxOutputLength: limit })
        : inflateRawSync(data, { maxOutputLength: limit });
    return new Uint8Array(unpacked);
  } catch {
    return null;
  }
}
