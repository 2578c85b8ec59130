import type { Database } from 'better-sqlite3';

/** `PRAGMA application_id` of an Impasto document: the letters "IMPA". */
export const APPLICATION_ID = 0x49_4d_50_41;

/** Tables that each layout adds, first to newest. */
const LAYOUTS: readonly { readonly tables: readonly string[]; readonly ddl: string }[] = [
  {
    tables: ['meta', 'layer', 'blob', 'tile', 'step', 'step_blob'],
    ddl: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE layer (id TEXT PRIMARY KEY, parent TEXT, position INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE blob (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, codec INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE tile (layer TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (layer, x, y)) WITHOUT ROWID;
CREATE TABLE step (seq INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, time INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE TABLE step_blob (seq INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (seq, blob)) WITHOUT ROWID;
`,
  },
  {
    tables: ['save_point', 'save_point_blob'],
    ddl: `
CREATE TABLE save_point (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TABLE save_point_blob (save_point INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (save_point, blob)) WITHOUT ROWID;
`,
  },
  // With it come `meta` values: depth, colourSpace, profile. Without them a document is 8-bit sRGB.
  {
    tables: ['mask_tile'],
    ddl: `
CREATE TABLE mask_tile (layer TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (layer, x, y)) WITHOUT ROWID;
`,
  },
];

/** `PRAGMA user_version`: the newest layout that this build writes. */
export const SCHEMA_VERSION = LAYOUTS.length;

/** Creates an empty document's tables in a new database file. */
export function createSchema(db: Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${SCHEMA_VERSION}`);
  for (const { ddl } of LAYOUTS) db.exec(ddl);
}

/** Brings an older layout up to the newest; all or nothing. */
export function migrateSchema(db: Database): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version >= SCHEMA_VERSION) return;
  db.transaction(() => {
    for (const { ddl } of LAYOUTS.slice(version)) db.exec(ddl);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

/**
 * Names what a database file holds that no Impasto document has (a trigger or view in a file from
 * outside could run on our writes), or what it lacks. Null when it is as it should be.
 */
export function describeForeignSchema(db: Database): string | null {
  const version = Number(db.pragma('user_version', { simple: true }));
  const tables = LAYOUTS.slice(0, Math.max(1, version)).flatMap((layout) => layout.tables);
  const rows = db.prepare<[], { type: string; name: string }>('SELECT type, name FROM sqlite_schema').all();
  const foreign = rows.find(
    ({ type, name }) =>
      !(type === 'table' && (tables.includes(name) || name.startsWith('sqlite_'))) &&
      !(type === 'index' && name.startsWith('sqlite_autoindex_')),
  );
  if (foreign) return `an unexpected ${foreign.type} "${foreign.name}"`;
  const missing = tables.find((table) => !rows.some(({ type, name }) => type === 'table' && name === table));
  return missing === undefined ? null : `no table "${missing}"`;
}
