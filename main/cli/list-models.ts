import { type ModelCard, StudioError } from '../../preload/contract/index.ts';
import { studioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import type { FileDescription } from '../models/describe-file.ts';
import { type ModelLibrary, openModelLibrary } from '../models/model-library.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto models`. */
export interface ModelsFlags {
  folder: string[];
  forget: string[];
  adapters: boolean;
  json: boolean;
}

/**
 * Opens, scans and lists models of the user's own library.
 *
 * @throws StudioError or ModelError for a path that is not what it is given as.
 */
export async function listModels(
  paths: readonly string[],
  flags: ModelsFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  const library = openModelLibrary({
    dataFolder: studioFolders().data,
    embeddedModelFolder: locateInstallation().embeddedModel,
    notice: ({ message, remedy }) => process.stderr.write(`${message} ${remedy}\n`),
  });
  signal.addEventListener('abort', () => library.close(), { once: true });
  try {
    for (const path of paths) await library.open(path);
    for (const folder of flags.forget) library.removeFolder(folder);
    for (const folder of flags.folder) await library.addFolder(folder);
    if (flags.folder.length > 0) await scan(library);
    if (signal.aborted) throw new StudioError('cli/stopped', 'Stopped; what was read is remembered.', '');
    const models = library.list();
    const adapters = flags.adapters ? library.adapters() : [];
    return {
      text: [...models.map(modelLines), ...adapters.map(adapterLines)].join('\n'),
      json: { models, ...(flags.adapters ? { adapters } : {}), folders: library.folders() },
    };
  } finally {
    if (!signal.aborted) library.close();
  }
}

async function scan(library: ModelLibrary): Promise<void> {
  const live = process.stderr.isTTY;
  const report = await library.scan((found, path) => {
    if (live) process.stderr.write(`\r\u001B[K${found} ${path.slice(-60)}`);
  });
  if (live) process.stderr.write('\r\u001B[K');
  process.stderr.write(`${report.found} found, ${report.read} read, ${report.gone.length} gone.\n`);
}

function modelLines({ name, family, bytes, nativeWidth, nativeHeight, about }: ModelCard): string {
  return `${name} (${family}, ${(bytes / 1e6).toFixed(0)} MB, ${nativeWidth} × ${nativeHeight} px)\n  ${about}`;
}

function adapterLines({ name, family, triggerWords, details, path }: FileDescription): string {
  const words = triggerWords.length === 0 ? '' : ` Trigger words: ${triggerWords.slice(0, 5).join(', ')}.`;
  return `${name} (adapter${family === null ? '' : ` for ${family}`})\n  ${details[0] ?? ''}${words} ${path}`;
}
