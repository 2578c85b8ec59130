import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../../preload/contract/index.ts';
import { describeForeignFacts } from './meta.ts';
import { type DocumentLock, lockDocument } from './document-lock.ts';
import {
  APPLICATION_ID,
  createSchema,
  describeForeignSchema,
  migrateSchema,
  SCHEMA_VERSION,
} from './schema.ts';

/** An open document's database, and whether this process may write to it. */
export interface OpenedDatabase {
  readonly db: Database.Database;
  readonly lock: DocumentLock | null;
  /** Why the document may only be looked at; null when it may be written. */
  readonly readOnly: { readonly cause: 'open-elsewhere' | 'newer-version'; readonly reason: string } | null;
}

/** Creates a document file; `fill` writes its first content in the same transaction. */
export function createDatabase(path: string, fill: (db: Database.Database) => void): void {
  if (existsSync(path)) {
    throw new StudioError(
      'document/exists',
      `${basename(path)} exists already and was left as it is.`,
      'Choose another name.',
    );
  }
  const db = openFile(path, { readonly: false });
  try {
    // Before the first table: only then can freed pages be given back bit by bit.
    db.pragma('auto_vacuum = INCREMENTAL');
    configure(db);
    db.transaction(() => {
      createSchema(db);
      fill(db);
    })();
  } finally {
    db.close();
  }
}

/**
 * Builds a document file that nobody opens before it is whole: without a journal, so a crash leaves nothing of use.
 * @param fill writes its content; the tables are there already.
 */
export async function buildDatabase(
  path: string,
  fill: (db: Database.Database) => Promise<void>,
): Promise<void> {
  const db = openFile(path, { readonly: false });
  try {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('BEGIN');
    createSchema(db);
    await fill(db);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/**
 * Opens a document: for writing when nobody else does, else to look at.
 *
 * @throws StudioError `document/not-found`, `document/empty`, `document/not-impasto`, `document/unreadable`
 */
export function openDatabase(path: string): OpenedDatabase {
  checkFile(path);
  const version = inspect(path);
  if (version > SCHEMA_VERSION) {
    const reason = `This document was made by a newer version of Impasto (layout ${version}; this one knows ${SCHEMA_VERSION}). It is open read-only so that nothing is lost.`;
    const db = openFile(path, { readonly: true });
    return { db, lock: null, readOnly: { cause: 'newer-version', reason } };
  }
  const outcome = lockDocument(path);
  if ('heldElsewhereSince' in outcome) {
    const since = outcome.heldElsewhereSince.toTimeString().slice(0, 5);
    const reason = `${basename(path)} is open in another window since ${since}. You see it read-only; nothing can be overwritten.`;
    const db = openFile(path, { readonly: true });
    return { db, lock: null, readOnly: { cause: 'open-elsewhere', reason } };
  }
  const db = openFile(path, { readonly: false });
  configure(db);
  migrateSchema(db);
  return { db, lock: outcome.held, readOnly: null };
}

/** Gives a document that nobody has open another name inside. */
export function renameDatabase(path: string, name: string): void {
  const db = openFile(path, { readonly: false });
  try {
    db.prepare("UPDATE meta SET value = ? WHERE key = 'name'").run(name);
  } finally {
    db.close();
  }
}

/** Reads name and size of a document without taking its lock; null for files that are no documents. */
export function peekDatabase(path: string): { name: string; width: number; height: number } | null {
  try {
    checkFile(path);
    inspect(path);
    const db = openFile(path, { readonly: true });
    try {
      const rows = db.prepare<[], { key: string; value: unknown }>('SELECT key, value FROM meta').all();
      const meta = new Map(rows.map(({ key, value }) => [key, value]));
      return {
        name: String(meta.get('name')),
        width: Number(meta.get('width')),
        height: Number(meta.get('height')),
      };
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

function checkFile(path: string): void {
  const name = basename(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    throw new StudioError(
      'document/not-found',
      `There is no document at ${path}.`,
      'Choose another file, or reconnect the drive.',
    );
  }
  if (stats.size === 0) {
    throw new StudioError(
      'document/empty',
      `${name} is empty (0 bytes). Nothing was changed.`,
      'Choose another file.',
    );
  }
}

/** Checks identity and layout before anything trusts the file; returns its layout version. */
function inspect(path: string): number {
  const db = openFile(path, { readonly: true });
  try {
    const application = db.pragma('application_id', { simple: true });
    if (application !== APPLICATION_ID) throw notImpasto(path, 'its identity is another program’s');
    const version = Number(db.pragma('user_version', { simple: true }));
    const foreign = describeForeignSchema(db) ?? describeForeignFacts(db);
    if (foreign !== null) throw notImpasto(path, `it holds ${foreign}`);
    return version;
  } catch (error) {
    if (error instanceof Database.SqliteError) throw notImpasto(path, error.message);
    throw error;
  } finally {
    db.close();
  }
}

function notImpasto(path: string, why: string): StudioError {
  return new StudioError(
    'document/not-impasto',
    `${basename(path)} is not a readable Impasto document (${why}). The file is untouched.`,
    'Choose another file; pictures come in by Import.',
  );
}

function openFile(path: string, options: { readonly: boolean }): Database.Database {
  try {
    const db = new Database(path, { ...options, timeout: 2000 });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    return db;
  } catch (error) {
    throw new StudioError(
      'document/unreadable',
      `${basename(path)} cannot be opened (${error instanceof Error ? error.message : String(error)}). Nothing was changed.`,
      'Check that the folder exists and may be written to.',
    );
  }
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // A committed stroke must survive a power cut, not only a crash of this process.
  db.pragma('synchronous = FULL');
}
