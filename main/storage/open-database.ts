import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../../preload/contract/index.ts';

/**
 * Opens one of the studio's own SQLite files, creating it and its folder when missing.
 *
 * `migrations[i]` is the SQL that brings a file from version i to i + 1; SQLite's `user_version` remembers how
 * far a file is, and each step is one transaction. Write-ahead logging and a busy timeout of 5 s let the studio
 * and a command run side by side.
 *
 * @throws StudioError `studio/data-unwritable` when the file cannot be opened or written,
 *   `studio/data-too-new` when a newer Impasto wrote it.
 */
export function openDatabase(path: string, migrations: readonly string[]): Database.Database {
  let database: Database.Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new Database(path, { timeout: 5000 });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StudioError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const full = error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL';
    throw new StudioError(
      'studio/data-unwritable',
      `${path} cannot be opened: ${reason}.`,
      full
        ? 'Free 200 MB, or set IMPASTO_DATA to a folder on another disk.'
        : 'Make its folder writable, or set IMPASTO_DATA to a folder that is.',
    );
  }
}

function migrate(database: Database.Database, path: string, migrations: readonly string[]): void {
  // Immediate: two processes that start together must not both run a migration.
  const run = database.transaction(() => {
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version > migrations.length) {
      throw new StudioError(
        'studio/data-too-new',
        `${path} has version ${version}; this Impasto knows ${migrations.length}.`,
        'Update Impasto, or set IMPASTO_DATA to another folder.',
      );
    }
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
  });
  run.immediate();
}
