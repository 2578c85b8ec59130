import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type AdapterFit, StudioError } from '../../preload/contract/index.ts';
import type { AdapterFit as FileFit } from '../models/fit-adapter.ts';
import { knownFolders } from '../models/known-folders.ts';
import { adaptersFor, inspectFile, libraryCard } from '../models/library-cards.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import { readPreview } from '../models/read-preview.ts';
import type { Handlers, RequestsOf } from './handlers.ts';
import type { BackgroundScan } from './scan-in-background.ts';

/** Unused keys that a page is told of; a person reads no more. */
const MOST_UNUSED = 200;

/** Answers `library.*` from the library and the scan that keeps it. */
export function libraryHandlers(
  library: ModelLibrary,
  scan: BackgroundScan,
): Handlers<RequestsOf<'library'>> {
  return {
    'library.folders': async () => {
      const files = library.files();
      const folders = library.folders().map(async (path) => ({
        path,
        present: await isFolder(path),
        files: files.filter(({ folder }) => folder === path).length,
      }));
      return { folders: await Promise.all(folders), scanning: scan.running() };
    },
    'library.add-folder': async ({ path }) => {
      const folder = resolve(atHome(path));
      if (!(await isFolder(folder))) throw noFolder(folder);
      await library.addFolder(folder);
      scan.start();
      return {};
    },
    'library.remove-folder': ({ path }) => {
      library.removeFolder(path);
      // What another folder holds as well was forgotten with this one.
      scan.start();
      return {};
    },
    'library.rescan': () => {
      scan.start();
      return {};
    },
    'library.known-folders': () => knownFolders([homedir()]),
    'library.files': () => library.files().map((file) => libraryCard(library, file)),
    'library.preview': ({ path }) => (library.has(path) ? readPreview(path) : null),
    'library.adapters': async ({ modelId }) => adaptersFor(library, await library.get(modelId)),
    'library.inspect': async ({ path, modelId }) => {
      const file = resolve(atHome(path));
      const card = await inspectFile(library, file);
      if (card.kind !== 'adapter' || modelId === null) return { card, fit: null };
      return { card, fit: reported(await library.fitAdapter(await library.get(modelId), file)) };
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

function noFolder(path: string): StudioError {
  return new StudioError(
    'library/no-folder',
    `There is no folder ${path}. Nothing was added or changed.`,
    'Check how it is written; a drive may not be connected.',
  );
}

/** People type `~` for their home folder. */
function atHome(path: string): string {
  return path.trim().replace(/^~(?=$|[\\/])/, () => homedir());
}

function reported({ fits, keys, usedKeys, unused, family, notice }: FileFit): AdapterFit {
  return {
    verdict: fits && usedKeys === keys ? 'fits' : fits ? 'part' : 'none',
    keys,
    usedKeys,
    notice,
    unused: unused.slice(0, MOST_UNUSED).map(({ key, reason }) => ({ key, reason })),
    family,
  };
}
