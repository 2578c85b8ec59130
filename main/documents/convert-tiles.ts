import type { Database } from 'better-sqlite3';
import { convertTile } from '../../renderer/engine/tiles/convert-tile.ts';
import { type BitDepth, colourFormat, maskFormat } from '../../renderer/engine/tiles/tile.ts';
import type { BlobStore } from './blob-store.ts';

/** Stores every tile of every layer anew in another depth, as the engine does in memory; equal pixels once. */
export function convertTiles(db: Database, blobs: BlobStore, from: BitDepth, to: BitDepth): void {
  for (const [table, format] of [
    ['tile', colourFormat],
    ['mask_tile', maskFormat],
  ] as const) {
    const used = db.prepare<[], { blob: number }>(`SELECT DISTINCT blob FROM ${table}`).all();
    const move = db.prepare(`UPDATE ${table} SET blob = ? WHERE blob = ?`);
    // First all are written, then all are moved: a new row's number could equal one still to be read.
    const moves = used.map(({ blob }) => {
      const tile = blobs.get(blob);
      return [blobs.put(convertTile(tile, format(from), format(to))), blob] as const;
    });
    for (const [after, before] of moves) move.run(after, before);
  }
}
