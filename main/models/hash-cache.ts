import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import { hashFile } from './hash-file.ts';

/** A file and the name it goes by within its model. */
export interface NamedFile {
  readonly path: string;
  /** Path within the model's folder with forward slashes; the file's own name when it is the whole model. */
  readonly name: string;
}

/** Content hashes of files, computed once for each path, size and time of change, and remembered across restarts. */
export interface HashCache {
  /**
   * SHA-256 of one file. Several callers at a time share one reading.
   * @param onBytes told of bytes as they are read; never called when the hash is known.
   */
  readonly file: (path: string, onBytes?: (bytes: number) => void) => Promise<string>;
  /**
   * SHA-256 of a model: of its file when it is one; else of the lines `sha256␠␠name\n`, as sha256sum prints them,
   * sorted by name in code unit order.
   */
  readonly model: (files: readonly NamedFile[], onBytes?: (bytes: number) => void) => Promise<string>;
  /** Stops readings under way; they reject. */
  readonly close: () => void;
}

/** Keeps hashes in the `file_hashes` table of `database`. */
export function createHashCache(database: Database.Database): HashCache {
  const get = database.prepare<[string, number, string], { sha256: string }>(
    'SELECT sha256 FROM file_hashes WHERE path = ? AND bytes = ? AND modified_ns = ?',
  );
  const put = database.prepare<[string, number, string, string]>(
    'INSERT OR REPLACE INTO file_hashes (path, bytes, modified_ns, sha256) VALUES (?, ?, ?, ?)',
  );
  const closing = new AbortController();
  const underWay = new Map<string, Promise<string>>();

  const compute = async (path: string, onBytes: (bytes: number) => void): Promise<string> => {
    const before = await stat(path, { bigint: true });
    const known = get.get(path, Number(before.size), String(before.mtimeNs));
    if (known !== undefined) return known.sha256;
    const sha256 = await hashFile(path, onBytes, closing.signal);
    const after = await stat(path, { bigint: true });
    // A file that was written to meanwhile has a hash of neither state: true now, not to be remembered.
    if (after.mtimeNs === before.mtimeNs && after.size === before.size && !closing.signal.aborted) {
      put.run(path, Number(before.size), String(before.mtimeNs), sha256);
    }
    return sha256;
  };

  const file: HashCache['file'] = (path, onBytes = () => {}) => {
    const running = underWay.get(path);
    if (running !== undefined) return running;
    const started = compute(path, onBytes).finally(() => underWay.delete(path));
    underWay.set(path, started);
    return started;
  };

  return {
    file,
    async model(files, onBytes) {
      const [only] = files;
      if (only !== undefined && files.length === 1) return file(only.path, onBytes);
      const lines: string[] = [];
      // One after another: two readers of one disk are slower than one.
      for (const { path, name } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        lines.push(`${await file(path, onBytes)}  ${name}\n`);
      }
      return createHash('sha256').update(lines.join('')).digest('hex');
    },
    close() {
      closing.abort(new Error('the library is closing'));
    },
  };
}
