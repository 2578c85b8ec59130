import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../storage/write-durably.ts';

/** First bytes of every entry: what it is and the version of its layout. */
const MAGIC = Buffer.from('IMPCACH1');
const DIGEST_BYTES = 32;
const HEADER_BYTES = MAGIC.byteLength + DIGEST_BYTES;
/** Largest entry that is read or written; a file beyond it was not written here. */
const MAX_ENTRY_BYTES = 512 * 1024 * 1024;
/**
 * Entries that may come in before the folder is measured again, as another process may fill it, too: so many, or this share
 * of those that are there, since measuring looks at each.
 */
const PUTS_PER_SCAN = 32;
const SHARE_PER_SCAN = 0.05;
/** From so many entries on a full store is emptied by this share of its budget: else each put would measure all of it. */
const MANY = 1000;
const ROOM = 0.05;
/** A file half written by a process that died is taken away after this many milliseconds. */
const STALE_AFTER = 3_600_000;

const KEY = /^[0-9a-f]{64}$/;

/** What a look into the store gave. A damaged entry is gone by the time that it is told. */
export type Lookup =
  | { readonly found: 'whole'; readonly bytes: Uint8Array }
  | { readonly found: 'nothing' }
  | { readonly found: 'damaged' };

/** Bytes by the hash of what they were computed from. Processes may share one folder. */
export interface ContentStore {
  /** Looks a key up and checks its bytes against their checksum. Never rejects: what cannot be read is not there. */
  readonly get: (key: string) => Promise<Lookup>;
  /** Whether there is an entry, whole or not, without reading it. */
  readonly has: (key: string) => boolean;
  /**
   * Keeps bytes under a key, whole or not at all, and lets the entries that were not used for longest go when the
   * budget is exceeded. A key that is there already is left as it is. Entries larger than the budget are not kept.
   *
   * @throws the file system's error when the folder cannot be written.
   */
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
}

/** How a store treats its entries. */
export interface StoreHabits {
  /** False where losing the newest entries to a power cut costs time only: then writes do not wait for the disk. */
  readonly durable?: boolean;
  /** Milliseconds without use after which an entry goes, whatever room there is; none by default. */
  readonly maxAge?: number;
}

/** Opens a store under `folder` (made with the first entry), which holds at most about `budget` bytes. */
export function openContentStore(folder: string, budget: number, habits: StoreHabits = {}): ContentStore {
  const { durable = true, maxAge = Number.POSITIVE_INFINITY } = habits;
  /** Bytes as of the last scan and what came in since; null before the first scan. */
  let held: number | null = null;
  let putsSinceScan = 0;
  let entries = 0;
  const fileOf = (key: string): string => {
    // Keys become file names.
    if (!KEY.test(key)) throw new TypeError(`${key} is no SHA-256`);
    return join(folder, key);
  };

  return {
    has: (key) => existsSync(fileOf(key)),
    async get(key) {
      const path = fileOf(key);
      const content = await readEntry(path);
      if (content === null) return { found: 'nothing' };
      const bytes = unwrap(key, content);
      if (bytes === null) {
        await unlink(path).catch(() => {});
        return { found: 'damaged' };
      }
      const now = new Date();
      // Without it the entry only looks colder than it is.
      await utimes(path, now, now).catch(() => {});
      return { found: 'whole', bytes };
    },

    async put(key, bytes) {
      const path = fileOf(key);
      const size = HEADER_BYTES + bytes.byteLength;
      if (size > Math.min(budget, MAX_ENTRY_BYTES)) return;
      if (existsSync(path)) return;
      const write = (): Promise<void> => writeDurably(path, [MAGIC, digest(key, bytes), bytes], durable);
      // The folder comes with its first entry, and may be taken away at any time.
      await write().catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        await mkdir(folder, { recursive: true });
        await write();
      });
      putsSinceScan++;
      held = held === null ? null : held + size;
      const due = putsSinceScan >= Math.max(PUTS_PER_SCAN, entries * SHARE_PER_SCAN);
      if (held === null || held > budget || due) {
        ({ held, entries } = await makeRoom(folder, budget, maxAge));
        putsSinceScan = 0;
      }
    },
  };
}

/** Covers the key, too: a whole entry under another's name is as wrong as a damaged one. */
function digest(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(key).update(bytes).digest();
}

/** The bytes of an entry, or null when they are not those that were written under this key. */
function unwrap(key: string, content: Uint8Array): Uint8Array | null {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(HEADER_BYTES, content.byteLength));
  const bytes = content.subarray(HEADER_BYTES);
  return head.byteLength === HEADER_BYTES &&
    head.subarray(0, MAGIC.byteLength).equals(MAGIC) &&
    head.subarray(MAGIC.byteLength).equals(digest(key, bytes))
    ? bytes
    : null;
}

/** A file's bytes; empty when it is too large to be an entry or cannot be read to its end, null when there is none. */
async function readEntry(path: string): Promise<Uint8Array | null> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = await file.stat();
    return size > MAX_ENTRY_BYTES ? new Uint8Array() : await file.readFile();
  } catch {
    return new Uint8Array();
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Takes away what is too old, then the coldest entries until the rest fits; tells what is left. */
async function makeRoom(
  folder: string,
  budget: number,
  maxAge: number,
): Promise<{ held: number; entries: number }> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may just have taken it away.
      const stats = await stat(path).catch(() => null);
      return stats?.isFile() === true ? { name, path, size: stats.size, used: stats.mtimeMs } : null;
    }),
  );
  const there = files.filter((file) => file !== null);
  const stale = there.filter(({ name, used }) => name.endsWith('.part') && Date.now() - used > STALE_AFTER);
  await Promise.all(stale.map(({ path }) => unlink(path).catch(() => {})));
  const entries = there.filter(({ name }) => KEY.test(name)).toSorted((a, b) => a.used - b.used);
  let held = entries.reduce((sum, { size }) => sum + size, 0);
  const target = held > budget && entries.length > MANY ? budget * (1 - ROOM) : budget;
  let gone = 0;
  for (const { path, size, used } of entries) {
    if (held <= target && Date.now() - used <= maxAge) break;
    await unlink(path).catch(() => {});
    held -= size;
    gone += 1;
  }
  return { held, entries: entries.length - gone };
}
