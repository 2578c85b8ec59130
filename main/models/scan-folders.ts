import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { ModelError } from '../../native-models/errors.ts';
import { describeFile, type FileDescription } from './describe-file.ts';
import { readSidecar } from './read-sidecar.ts';
import { type Candidate, walkFolder } from './walk-folder.ts';

/** A file or folder that a scan found, and what it is. */
export interface ScannedFile {
  readonly path: string;
  /** The folder of the library that it lies in. */
  readonly folder: string;
  readonly bytes: number;
  /** Null for what cannot be used; `problem` says why. */
  readonly description: FileDescription | null;
  readonly problem: string | null;
}

/** How a scan went. */
export interface ScanReport {
  readonly found: number;
  /** Read because they were new or had changed; the others were known. */
  readonly read: number;
  /** Known before and not there any more, though their folder is. */
  readonly gone: readonly string[];
  /** Folders that could not be looked into at all, such as a drive that is not connected. */
  readonly missingFolders: readonly string[];
}

/** The folders of models that the user named, and what was found in them. */
export interface FolderScanner {
  readonly folders: () => string[];
  readonly add: (folder: string) => void;
  readonly remove: (folder: string) => void;
  /**
   * Looks through all folders and reads what is new or changed. Only one scan runs at a time; a call meanwhile waits
   * for it. What a missing folder held is kept: the drive may come back.
   */
  readonly scan: (onProgress?: (found: number, path: string) => void) => Promise<ScanReport>;
  /** Everything that was found, what cannot be used included, by path. */
  readonly list: (kind?: FileDescription['kind']) => ScannedFile[];
  /** True for a path that a scan found. */
  readonly has: (path: string) => boolean;
  /** Ends a scan under way early; it resolves with what it has done. */
  readonly close: () => void;
}

interface Row {
  path: string;
  folder: string;
  bytes: number;
  modified_ns: string;
  kind: string | null;
  description: string | null;
  problem: string | null;
  scan: number;
}

/**
 * Keeps folders and findings in the tables `folders` and `scanned_files` of `database`.
 *
 * @param onCheckpoint told of each checkpoint that is new or has changed, and waited for.
 */
export function createFolderScanner(
  database: Database.Database,
  onCheckpoint: (path: string) => Promise<void>,
): FolderScanner {
  const all = database.prepare<[], { path: string }>('SELECT path FROM folders ORDER BY path');
  const insertFolder = database.prepare<[string]>('INSERT OR IGNORE INTO folders (path) VALUES (?)');
  const deleteFolder = database.prepare<[string]>('DELETE FROM folders WHERE path = ?');
  const forgetFolder = database.prepare<[string]>('DELETE FROM scanned_files WHERE folder = ?');
  const known = database.prepare<[string], Row>('SELECT * FROM scanned_files WHERE path = ?');
  const put = database.prepare<Row>(
    `INSERT OR REPLACE INTO scanned_files
       VALUES (@path, @folder, @bytes, @modified_ns, @kind, @description, @problem, @scan)`,
  );
  const seen = database.prepare<[number, string]>('UPDATE scanned_files SET scan = ? WHERE path = ?');
  const sweep = database.prepare<[string, number], { path: string }>(
    'DELETE FROM scanned_files WHERE folder = ? AND scan <> ? RETURNING path',
  );
  const usable = database.prepare<[], Row>(
    // A folder may be taken away while it is being looked through.
    'SELECT * FROM scanned_files WHERE folder IN (SELECT path FROM folders) ORDER BY path',
  );
  const closing = new AbortController();
  let running: Promise<ScanReport> | null = null;

  /** True when the candidate had to be read. */
  const look = async (folder: string, candidate: Candidate, scan: number): Promise<boolean> => {
    const probe = candidate.kind === 'folder' ? join(candidate.path, 'model_index.json') : candidate.path;
    const found = await stat(probe, { bigint: true }).catch(() => null);
    if (found === null) return false;
    const before = known.get(candidate.path);
    if (before?.bytes === Number(found.size) && before.modified_ns === String(found.mtimeNs)) {
      seen.run(scan, candidate.path);
      return false;
    }
    const { description, problem } = await describe(candidate);
    if (description?.kind === 'checkpoint') await onCheckpoint(candidate.path);
    if (closing.signal.aborted) return false;
    put.run({
      path: candidate.path,
      folder,
      bytes: Number(found.size),
      modified_ns: String(found.mtimeNs),
      kind: description?.kind ?? null,
      description: description === null ? null : JSON.stringify(description),
      problem,
      scan,
    });
    return true;
  };

  const scan = async (onProgress: (found: number, path: string) => void): Promise<ScanReport> => {
    const stamp = Date.now();
    const missingFolders: string[] = [];
    const gone: string[] = [];
    let [found, read] = [0, 0];
    const scanFolder = async (folder: string): Promise<void> => {
      for await (const candidate of walkFolder(folder, closing.signal)) {
        if (await look(folder, candidate, stamp)) read++;
        onProgress(++found, candidate.path);
        closing.signal.throwIfAborted();
      }
      gone.push(...sweep.all(folder, stamp).map(({ path }) => path));
    };
    try {
      for (const { path: folder } of all.all()) {
        closing.signal.throwIfAborted();
        if ((await stat(folder).catch(() => null))?.isDirectory()) await scanFolder(folder);
        else missingFolders.push(folder);
      }
    } catch (error) {
      // Closing ends a scan early; what it has read is kept.
      if (!closing.signal.aborted) throw error;
    }
    return { found, read, gone, missingFolders };
  };

  return {
    folders: () => all.all().map(({ path }) => path),
    add: (folder) => void insertFolder.run(folder),
    remove: database.transaction((folder: string) => {
      deleteFolder.run(folder);
      forgetFolder.run(folder);
    }),
    scan(onProgress = () => {}) {
      running ??= scan(onProgress).finally(() => {
        running = null;
      });
      return running;
    },
    list: (kind) =>
      usable
        .all()
        .filter((row) => kind === undefined || row.kind === kind)
        .map(({ path, folder, bytes, description: json, problem }) => {
          const description = json === null ? null : (JSON.parse(json) as FileDescription);
          return { path, folder, bytes: description?.bytes ?? bytes, description, problem };
        }),
    has: (path) => known.get(path) !== undefined,
    close: () => closing.abort(new Error('the library is closing')),
  };
}

async function describe(candidate: Candidate): Promise<Pick<ScannedFile, 'description' | 'problem'>> {
  try {
    const plain = await describeFile(candidate.path);
    const beside = candidate.kind === 'file' ? await readSidecar(candidate.path) : null;
    if (beside === null) return { description: plain, problem: null };
    const words = [...new Set([...beside.triggerWords, ...plain.triggerWords])];
    const details = beside.notes === null ? plain.details : [...plain.details, beside.notes];
    return {
      description: { ...plain, name: beside.title ?? plain.name, triggerWords: words, details },
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { description: null, problem: `${error.message} ${error.remedy}` };
  }
}
