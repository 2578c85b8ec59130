import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { QUEUE_TABLES } from './queue/job-table.ts';
import { openDatabase } from '../storage/open-database.ts';

/** Opens (or creates) the database of results and measured times under the studio's data folder. */
export function openResultsDatabase(dataFolder: string): Database.Database {
  return openDatabase(join(dataFolder, 'results.sqlite'), [
    `CREATE TABLE results (
       result_id TEXT PRIMARY KEY,
       job_id TEXT NOT NULL,
       recipe TEXT NOT NULL,
       width INTEGER NOT NULL,
       height INTEGER NOT NULL,
       seconds REAL NOT NULL,
       created REAL NOT NULL
     ) STRICT;
     CREATE INDEX results_by_time ON results (created DESC);
     CREATE TABLE stage_times (
       model TEXT NOT NULL,
       device TEXT NOT NULL,
       sampler TEXT NOT NULL,
       width INTEGER NOT NULL,
       height INTEGER NOT NULL,
       guided INTEGER NOT NULL,
       load_seconds REAL,
       prepare_seconds REAL NOT NULL,
       step_seconds REAL NOT NULL,
       decode_seconds REAL NOT NULL
     ) STRICT;
     CREATE INDEX stage_times_by_run ON stage_times (model, device, sampler, width, height, guided);`,
    `ALTER TABLE stage_times ADD COLUMN controls REAL NOT NULL DEFAULT 0;`,
    QUEUE_TABLES,
    `CREATE TABLE known_parts (sha256 TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (sha256, path)) STRICT;`,
    `CREATE TABLE feature_times (prepare TEXT PRIMARY KEY, seconds_a_pixel REAL NOT NULL) STRICT;`,
  ]);
}
