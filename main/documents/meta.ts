import type { Database } from 'better-sqlite3';
import { type DocumentState, MAX_CANVAS_EDGE } from '../../preload/contract/index.ts';

/** What a document's numbers mean. */
export type StoredFormat = Pick<DocumentState, 'depth' | 'colourSpace' | 'profile'>;

/** Canvas size in pixels. */
export function readCanvas(db: Database): { width: number; height: number } {
  return { width: Number(readMeta(db, 'width')), height: Number(readMeta(db, 'height')) };
}

/** Most characters and bytes that these facts can have; another program could put gigabytes there. */
const LONGEST: Readonly<Record<string, number>> = { name: 1000, profile: 64 * 2 ** 20 };

/** Names a fact that no document can have, before anything makes room for it; null when all can be. */
export function describeForeignFacts(db: Database): string | null {
  for (const key of ['width', 'height']) {
    const edge = readMeta(db, key);
    if (!Number.isInteger(edge) || Number(edge) < 1 || Number(edge) > MAX_CANVAS_EDGE)
      return `no ${key} from 1 to ${MAX_CANVAS_EDGE}`;
  }
  const sizes = db.prepare<[], { key: string; size: number }>('SELECT key, length(value) AS size FROM meta');
  const large = sizes.all().find(({ key, size }) => size > (LONGEST[key] ?? Number.POSITIVE_INFINITY));
  return large === undefined ? null : `a ${large.key} of ${large.size} characters`;
}

/** A document's depth, colour space and profile; one of layout 1 says none and has 8 bits in sRGB. */
export function readFormat(db: Database): StoredFormat {
  const profile = readMeta(db, 'profile');
  return {
    depth: readMeta(db, 'depth') === 16 ? 16 : 8,
    colourSpace: readMeta(db, 'colourSpace') === 'display-p3' ? 'display-p3' : 'srgb',
    profile: profile instanceof Uint8Array ? new Uint8Array(profile) : null,
  };
}

/** Changes some of a document's format; what is absent stays. */
export function writeFormat(
  db: Database,
  format: { [Key in keyof StoredFormat]?: StoredFormat[Key] | undefined },
): void {
  if (format.depth !== undefined) writeMeta(db, 'depth', format.depth);
  if (format.colourSpace !== undefined) writeMeta(db, 'colourSpace', format.colourSpace);
  if (format.profile) writeMeta(db, 'profile', format.profile);
  if (format.profile === null) db.prepare("DELETE FROM meta WHERE key = 'profile'").run();
}

/** One value of the document's own table of facts. */
export function readMeta(db: Database, key: string): unknown {
  return db.prepare<[string], { value: unknown }>('SELECT value FROM meta WHERE key = ?').get(key)?.value;
}

/** Sets one value of the document's own table of facts. */
export function writeMeta(db: Database, key: string, value: number | string | Uint8Array): void {
  db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, value);
}
