import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve, sep } from 'node:path';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { type ModelCard, StudioError } from '../../preload/contract/index.ts';
import { checkpointCard } from './checkpoint-card.ts';
import { EMBEDDED_MODEL_ID, embeddedModelCard, shippedControls } from './embedded-model.ts';
import type { FileDescription } from './describe-file.ts';
import { type AdapterFit, fitAdapter } from './fit-adapter.ts';
import { createHashCache, type NamedFile } from './hash-cache.ts';
import { fingerprintFile } from './hash-file.ts';
import { openLibraryDatabase } from './library-database.ts';
import { modelFiles } from './model-files.ts';
import { createFolderScanner, type ScannedFile, type ScanReport } from './scan-folders.ts';

export type { ScannedFile, ScanReport } from './scan-folders.ts';

/** Files above this size tell how far their hashing is. */
const TELL_ABOVE_BYTES = 512 * 1024 * 1024;

/** A model that can be painted with, and where it lies now. */
export interface LibraryModel {
  readonly card: ModelCard;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Content hash as recipes carry it; resolves at once when it is known. */
  readonly sha256: () => Promise<string>;
}

/** What the library tells a person while it works. */
export interface LibraryNotice {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly remedy: string;
}

/** The models there are: the one that ships, and those that the user opened. Never writes beside them. */
export interface ModelLibrary {
  /** The one that ships, then the user's, last opened first; those whose files are gone are left out and told of. */
  readonly list: () => ModelCard[];
  /**
   * Opens a checkpoint and remembers it. Its id follows its content: the same after a move or a rename.
   * @throws ModelError when it is nothing that can be painted with.
   */
  readonly open: (path: string) => Promise<ModelCard>;
  /** @throws StudioError `models/unknown`, `models/file-missing` */
  readonly get: (id: string) => Promise<LibraryModel>;
  /** How an adapter file goes with a model. @throws ModelError when the file is no adapter */
  readonly fitAdapter: (model: LibraryModel, path: string) => Promise<AdapterFit>;
  /** SHA-256 of any other file that decides a picture, such as an adapter. @throws StudioError `models/file-missing` */
  readonly hashFile: (path: string) => Promise<string>;
  /** Folders that are looked through for models and adapters. */
  readonly folders: () => string[];
  /** @throws StudioError `models/file-missing` when there is no such folder */
  readonly addFolder: (path: string) => Promise<void>;
  /** Forgets a folder and what was found in it; the files stay as they are. */
  readonly removeFolder: (path: string) => void;
  /** Looks through the folders; what is found is in {@link list} and {@link adapters} afterwards. */
  readonly scan: (onProgress?: (found: number, path: string) => void) => Promise<ScanReport>;
  /** Everything that scans found, what cannot be used included, by path. */
  readonly files: () => ScannedFile[];
  /** True for a path that a scan found. */
  readonly has: (path: string) => boolean;
  /** The id of the model that was last opened from a path; null when there is none. */
  readonly idOf: (path: string) => string | null;
  /** Adapters that scans found, by path. */
  readonly adapters: () => FileDescription[];
  /** The path of a scanned adapter by its file's name without ending, or by its title; null when there is none. */
  readonly findAdapter: (name: string) => string | null;
  readonly close: () => void;
}

/** Where the library finds its things. */
export interface ModelLibraryOptions {
  readonly dataFolder: string;
  readonly embeddedModelFolder: string;
  readonly notice: (notice: LibraryNotice) => void;
}

interface Row {
  id: string;
  path: string;
  kind: 'file' | 'folder';
  card: string;
  opened: number;
}

/** Opens the library under the data folder; models are read when they are asked for. */
export function openModelLibrary(options: ModelLibraryOptions): ModelLibrary {
  const database = openLibraryDatabase(options.dataFolder);
  const hashes = createHashCache(database);
  const all = database.prepare<[], Row>('SELECT * FROM models ORDER BY opened DESC');
  const byId = database.prepare<[string], Row>('SELECT * FROM models WHERE id = ?');
  const byPath = database.prepare<[string], Row>('SELECT * FROM models WHERE path = ?');
  const put = database.prepare<Row>(
    `INSERT INTO models (id, path, kind, card, opened) VALUES (@id, @path, @kind, @card, @opened)
     ON CONFLICT (id) DO UPDATE SET path = excluded.path, kind = excluded.kind, card = excluded.card,
       opened = excluded.opened`,
  );
  const forget = database.prepare<[string]>('DELETE FROM models WHERE path = ?');
  const forgetBelow = database.prepare<[string, number, string]>(
    'DELETE FROM models WHERE path = ? OR substr(path, 1, ?) = ?',
  );
  const toldMissing = new Set<string>();

  const hashModel = async (name: string, files: readonly NamedFile[], bytes: number): Promise<string> => {
    let done = 0;
    let toldAt = Date.now();
    return hashes.model(files, (more) => {
      done += more;
      if (bytes < TELL_ABOVE_BYTES || Date.now() - toldAt < 2000) return;
      toldAt = Date.now();
      const percent = Math.min(99, Math.floor((done / bytes) * 100));
      options.notice({
        level: 'info',
        message: `Reading ${name} for its recipes: ${percent} %.`,
        remedy: '',
      });
    });
  };

  const model = (
    card: ModelCard,
    path: string,
    kind: LibraryModel['kind'],
    files: () => Promise<NamedFile[]>,
  ) => {
    let hash: Promise<string> | undefined;
    return {
      card,
      path,
      kind,
      sha256: () => (hash ??= files().then((list) => hashModel(card.name, list, card.bytes))),
    };
  };

  const { embeddedModelFolder } = options;
  const embedded = model(
    embeddedModelCard(shippedControls(embeddedModelFolder)),
    embeddedModelFolder,
    'folder',
    async () => modelFiles(await openCheckpoint(embeddedModelFolder)),
  );

  const remember = async (path: string): Promise<ModelCard> => {
    const checkpoint = await openCheckpoint(resolve(path));
    const id = await contentId(checkpoint);
    const card = checkpointCard(id, checkpoint);
    const kind = checkpoint.layout === 'single-file' ? 'file' : 'folder';
    put.run({ id, path: checkpoint.path, kind, card: JSON.stringify(card), opened: Date.now() });
    toldMissing.delete(id);
    return card;
  };
  const scanner = createFolderScanner(database, async (path) => void (await remember(path)));

  const adapters = (): FileDescription[] =>
    scanner.list('adapter').flatMap(({ description }) => description ?? []);

  return {
    list() {
      const cards = all.all().flatMap((row) => {
        if (existsSync(row.path)) return [JSON.parse(row.card) as ModelCard];
        if (!toldMissing.has(row.id)) {
          toldMissing.add(row.id);
          const { message, remedy } = missing(row.path);
          options.notice({ level: 'warn', message, remedy });
        }
        return [];
      });
      return [embedded.card, ...cards];
    },
    open: remember,
    async get(id) {
      if (id === EMBEDDED_MODEL_ID) return embedded;
      const row = byId.get(id);
      if (row === undefined) {
        throw new StudioError(
          'models/unknown',
          `The library has no model "${id.slice(0, 64)}".`,
          'Open its file again, or choose another model.',
        );
      }
      if (!existsSync(row.path)) throw missing(row.path);
      const card = JSON.parse(row.card) as ModelCard;
      return model(card, row.path, row.kind, async () => modelFiles(await openCheckpoint(row.path)));
    },
    fitAdapter: (model, path) => fitAdapter(model.path, path),
    async hashFile(path) {
      if (!existsSync(path)) throw missing(path);
      return hashes.file(path);
    },
    folders: scanner.folders,
    async addFolder(path) {
      const folder = resolve(path);
      if (!(await stat(folder).catch(() => null))?.isDirectory()) throw missing(folder);
      scanner.add(folder);
    },
    removeFolder(path) {
      const below = `${resolve(path)}${sep}`;
      scanner.remove(resolve(path));
      forgetBelow.run(resolve(path), below.length, below);
    },
    async scan(onProgress) {
      const report = await scanner.scan(onProgress);
      // Taken away on purpose: its folder is there. Nobody needs to be told.
      if (database.open) for (const path of report.gone) forget.run(path);
      return report;
    },
    files: () => scanner.list(),
    has: scanner.has,
    idOf: (path) => byPath.get(path)?.id ?? null,
    adapters,
    findAdapter(name) {
      const wanted = name.toLowerCase();
      const byFile = adapters().find(({ path }) => basename(path, extname(path)).toLowerCase() === wanted);
      const byTitle = (): FileDescription | undefined =>
        adapters().find((one) => one.name.toLowerCase() === wanted);
      return (byFile ?? byTitle())?.path ?? null;
    },
    close() {
      scanner.close();
      hashes.close();
      database.close();
    },
  };
}

/** Thirty-two hexadecimal digits made of the fingerprints of the weights. */
async function contentId(checkpoint: Checkpoint): Promise<string> {
  const prints = await Promise.all(checkpoint.files.map((file) => fingerprintFile(file.path)));
  return createHash('sha256').update(prints.toSorted().join('\n')).digest('hex').slice(0, 32);
}

function missing(path: string): StudioError {
  if (existsSync(path))
    return new StudioError(
      'models/not-a-folder',
      `${path} is no folder.`,
      'Give the folder that the models lie in.',
    );
  const folder = dirname(path);
  const what = existsSync(folder)
    ? `${basename(path)} is not in ${folder} any more`
    : `The folder "${folder}" is not there any more`;
  return new StudioError(
    'models/file-missing',
    `${what}. Your pictures and recipes are untouched.`,
    'Reconnect the drive or show where it went.',
  );
}
