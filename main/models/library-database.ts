import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openDatabase } from '../storage/open-database.ts';

/** Opens (or creates) `library.sqlite`: models that the user opened, folders that are scanned, and hashes of files. */
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
    `CREATE TABLE folders (path TEXT PRIMARY KEY) STRICT;
     CREATE TABLE scanned_files (
       path TEXT PRIMARY KEY,
       folder TEXT NOT NULL,
       bytes INTEGER NOT NULL,
       modified_ns TEXT NOT NULL,
       kind TEXT,
       description TEXT,
       problem TEXT,
       scan INTEGER NOT NULL
     ) STRICT;
     CREATE INDEX scanned_files_by_folder ON scanned_files (folder);`,
  ]);
}
