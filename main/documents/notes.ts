import type { Database } from 'better-sqlite3';
import type { NoteKey } from '../../preload/contract/index.ts';
import { readMeta, writeMeta } from './meta.ts';

const KEYS: readonly NoteKey[] = ['selection', 'saved-selections', 'aids'];

/** What is kept with a document beside its picture. */
export function readNotes(db: Database): { key: NoteKey; bytes: Uint8Array<ArrayBuffer> }[] {
  return KEYS.flatMap((key) => {
    const bytes = readNote(db, key);
    return bytes ? [{ key, bytes }] : [];
  });
}

/** One note, or null. */
export function readNote(db: Database, key: NoteKey): Uint8Array<ArrayBuffer> | null {
  const bytes = readMeta(db, `note.${key}`);
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null;
}

/** Replaces a note, or removes it with null. */
export function writeNote(db: Database, key: NoteKey, bytes: Uint8Array | null): void {
  if (bytes) writeMeta(db, `note.${key}`, bytes);
  else db.prepare('DELETE FROM meta WHERE key = ?').run(`note.${key}`);
}
