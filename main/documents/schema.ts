import type { Database } from 'better-sqlite3';

/** `PRAGMA application_id` of an Impasto document: the letters "IMPA". */
export const APPLICATION_ID = 0x49_4d_50_41;

/** Tables that each layout adds, first to newest. */
const LAYOUTS: readonly { readonly ddl: string }[] = [
  {
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
    ddl: `
CREATE TABLE save_point (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TABLE save_point_blob (save_point INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (save_point, blob)) WITHOUT ROWID;
`,
  },
  // With it come `meta` values: depth, colourSpace, profile. Without them a document is 8-bit sRGB.
  {
    ddl: `
CREATE TABLE mask_tile (layer TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (layer, x, y)) WITHOUT ROWID;
`,
  },
  // Steps of history may hold notes: selections, guides.
  { ddl: '' },
  // Text may stand in a box and be justified.
  { ddl: '' },
  // Masks may have a soft edge, text several styles, rows of layers a colour.
  { ddl: '' },
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

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/**
 * Names what a database file holds that no Impasto document has, or what it lacks. Null when it is as it should be. A
 * trigger, a view or a computed column in a file from outside would run on our reads and writes, so that every table must
 * have been created by the very words above; of a newer layout, whose words are not known, each must at least be a plain one.
 */
export function describeForeignSchema(db: Database): string | null {
  const version = Number(db.pragma('user_version', { simple: true }));
  const rows = db.prepare<[], SchemaRow>('SELECT type, name, sql FROM sqlite_schema').all();
  if (version > SCHEMA_VERSION) return describeUnplain(db, rows);
  const words = new Map(LAYOUTS.slice(0, Math.max(1, version)).flatMap(({ ddl }) => statements(ddl)));
  const foreign = rows.find(
    ({ type, name, sql }) =>
      !(type === 'table' && (name.startsWith('sqlite_') || sql === words.get(name))) &&
      !(type === 'index' && name.startsWith('sqlite_autoindex_')),
  );
  if (foreign) return `an unexpected ${foreign.type} "${foreign.name}"`;
  const missing = [...words.keys()].find((table) => !rows.some(({ name }) => name === table));
  return missing === undefined ? null : `no table "${missing}"`;
}

/** Statements that create tables, by their tables' names, as SQLite keeps them. */
function statements(ddl: string): [string, string][] {
  return [...ddl.matchAll(/CREATE TABLE (\w+) [^;]*/g)].map(([words, name = '']) => [name, words]);
}

function describeUnplain(db: Database, rows: readonly SchemaRow[]): string | null {
  const computed = db.prepare<[string]>('SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden <> 0');
  const foreign = rows.find(
    ({ type, name, sql }) =>
      type === 'view' ||
      type === 'trigger' ||
      (type === 'table' && (/^\s*create\s+virtual/i.test(sql ?? '') || computed.get(name) !== undefined)),
  );
  if (foreign) return `an unexpected ${foreign.type} "${foreign.name}"`;
  return rows.some(({ type, name }) => type === 'table' && name === 'meta') ? null : 'no table "meta"';
}
