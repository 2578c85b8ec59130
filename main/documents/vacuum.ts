import type { Database } from 'better-sqlite3';

/** Pages given back in one slice: a few milliseconds of work. */
const SLICE = 512;

/** Gives some freed pages back to the disk. @returns true while there are more. */
export function vacuumSlice(db: Database): boolean {
  const free = (): number => Number(db.pragma('freelist_count', { simple: true }));
  const before = free();
  if (before === 0) return false;
  db.pragma(`incremental_vacuum(${SLICE})`);
  const after = free();
  // Files of the first layout cannot shrink bit by bit; they are rewritten when they are closed.
  if (after === before) return false;
  if (after === 0) db.pragma('wal_checkpoint(PASSIVE)');
  return after > 0;
}

/** Rewrites a file that is to a quarter or more empty and cannot be shrunk bit by bit. */
export function vacuumWhole(db: Database): void {
  if (Number(db.pragma('auto_vacuum', { simple: true })) !== 0) return;
  const free = Number(db.pragma('freelist_count', { simple: true }));
  const pages = Number(db.pragma('page_count', { simple: true }));
  if (free < 2048 || free * 4 < pages) return;
  db.pragma('auto_vacuum = INCREMENTAL');
  db.exec('VACUUM');
}
