import type { Database } from 'better-sqlite3';

/** Which of a layer's pixels. */
export type Plane = 'pixels' | 'mask';

/** One tile's place and the blob that holds its pixels. */
interface TileRow {
  x: number;
  y: number;
  blob: number;
}

/** A tile of a change: null empties it. */
interface TileRef {
  x: number;
  y: number;
  blob: number | null;
}

function table(plane: Plane): string {
  return plane === 'pixels' ? 'tile' : 'mask_tile';
}

/** Where a layer has pixels. @param rows only rows of tiles from one up to another; all when left out. */
export function tilesOf(
  db: Database,
  layerId: string,
  plane: Plane,
  rows?: { readonly from: number; readonly to: number },
): TileRow[] {
  const select = `SELECT x, y, blob FROM ${table(plane)} WHERE layer = ?`;
  if (!rows) return db.prepare<[string], TileRow>(select).all(layerId);
  return db
    .prepare<[string, number, number], TileRow>(`${select} AND y >= ? AND y < ?`)
    .all(layerId, rows.from, rows.to);
}

/** Where a layer has pixels, with the hash of each tile's content; what is no hash in a damaged file is left out. */
export function placesOf(
  db: Database,
  layerId: string,
  plane: Plane,
): { readonly x: number; readonly y: number; readonly hash: Buffer }[] {
  return db
    .prepare<[string], { x: number; y: number; hash: Buffer }>(
      `SELECT x, y, hash FROM ${table(plane)} JOIN blob ON blob.id = blob WHERE layer = ?`,
    )
    .all(layerId)
    .filter(({ hash }) => Buffer.isBuffer(hash) && hash.length === 32);
}

/** Rows of tiles in which a layer has pixels, from the top. */
export function rowsWithTiles(db: Database, layerId: string): number[] {
  return db
    .prepare<[string], { y: number }>('SELECT DISTINCT y FROM tile WHERE layer = ? ORDER BY y')
    .all(layerId)
    .map(({ y }) => y);
}

/** Forgets a layer's pixels. */
export function dropTiles(db: Database, layerId: string, plane: Plane): void {
  db.prepare(`DELETE FROM ${table(plane)} WHERE layer = ?`).run(layerId);
}

/** Replaces tiles; returns what puts back what was there. */
export function putTiles(db: Database, layerId: string, plane: Plane, tiles: readonly TileRef[]): TileRef[] {
  const rows = table(plane);
  const find = db.prepare<[string, number, number], { blob: number }>(
    `SELECT blob FROM ${rows} WHERE layer = ? AND x = ? AND y = ?`,
  );
  const put = db.prepare(
    `INSERT INTO ${rows} (layer, x, y, blob) VALUES (?, ?, ?, ?) ON CONFLICT (layer, x, y) DO UPDATE SET blob = excluded.blob`,
  );
  const drop = db.prepare(`DELETE FROM ${rows} WHERE layer = ? AND x = ? AND y = ?`);
  const before = tiles.map(({ x, y, blob }) => {
    const previous = find.get(layerId, x, y)?.blob ?? null;
    if (blob === null) drop.run(layerId, x, y);
    else put.run(layerId, x, y, blob);
    return { x, y, blob: previous };
  });
  // Reversed, so that a tile named twice goes back to what it was before the first.
  return before.reverse();
}
