import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openDatabase } from '../storage/open-database.ts';

/** Opens (or creates) `library.sqlite`: which models the user opened, and the hashes of their files. */
export function openLibraryDatabase(dataFolder: string): Database.Database {
  return openDatabase(join(dataFolder, 'library.sqlite'), [
    `CREATE TABLE file_hashes (
       path TEXT PRIMARY KEY,
       bytes INTEGER NOT NULL,
       modified_ns TEXT NOT NULL,
       sha256 TEXT NOT NULL
     ) STRICT;
     CREATE TABLE models (
       id TEXT PRIMARY KEY,
       path TEXT NOT NULL,
       kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
       card TEXT NOT NULL,
       opened REAL NOT NULL
     ) STRICT;`,
  ]);
}
