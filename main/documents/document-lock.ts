import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/** Held while a document is open for writing. */
export interface DocumentLock {
  release(): void;
}

/** What {@link lockDocument} found. */
export type LockOutcome = { readonly held: DocumentLock } | { readonly heldElsewhereSince: Date };

/**
 * Takes the one writer's lock of a document. The lock is an exclusive transaction on a hidden file beside
 * the document, so the operating system frees it with the process, also after a kill.
 */
export function lockDocument(path: string): LockOutcome {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  closeSync(openSync(lockPath, 'a'));
  const db = new Database(lockPath, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    db.exec('CREATE TABLE IF NOT EXISTS owner (pid INTEGER)');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      return { heldElsewhereSince: statSync(lockPath).mtime };
    }
    throw error;
  }
  return {
    held: {
      release() {
        // Removed while still locked: whoever opens the name afterwards makes a file of their own.
        rmSync(lockPath, { force: true });
        db.close();
      },
    },
  };
}
