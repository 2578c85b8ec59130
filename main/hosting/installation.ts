import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../preload/contract/index.ts';
import type { ProcessEntry } from '../inference/host/process-channel.ts';

/** Where the parts of this copy of Impasto lie; absolute paths. */
export interface Installation {
  /** Folder of package.json: the repository, or the archive of a packaged studio. */
  readonly root: string;
  readonly version: string;
  /** Folder of the built page. */
  readonly page: string;
  /** The preload script of a desktop window. */
  readonly preload: string;
  /** Scripts of the child processes. */
  readonly entries: Readonly<Record<ProcessEntry, string>>;
  /** Diffusers folder of the model that ships. */
  readonly embeddedModel: string;
  /** Folder of icons and other shipped data. */
  readonly resources: string;
}

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/**
 * Finds this copy of Impasto from a folder inside it. Bundles start their children from bundles; code that runs
 * from its TypeScript sources starts them from sources.
 *
 * @throws StudioError `host/installation-incomplete` when no folder above is Impasto's.
 */
export function locateInstallation(from: string = import.meta.dirname): Installation {
  const { root, version } = findRoot(from);
  const bundled = from.startsWith(join(root, 'out'));
  // Native code opens the model's files itself and cannot look into an archive.
  const unpacked = root.replace(/app\.asar$/, 'app.asar.unpacked');
  return {
    root,
    version,
    page: join(root, 'out', 'renderer'),
    preload: join(root, 'out', 'preload', 'index.cjs'),
    entries: bundled
      ? {
          worker: join(root, 'out', 'main', 'worker.js'),
          probe: join(root, 'out', 'main', 'probe.js'),
          converter: join(root, 'out', 'main', 'converter.js'),
          trainer: join(root, 'out', 'main', 'trainer.js'),
        }
      : {
          worker: join(root, 'main', 'inference', 'worker', 'main.ts'),
          probe: join(root, 'main', 'inference', 'devices', 'probe-main.ts'),
          converter: join(root, 'main', 'documents', 'exchange', 'converter', 'main.ts'),
          trainer: join(root, 'main', 'training', 'worker', 'main.ts'),
        },
    embeddedModel: join(unpacked, 'native-models', 'embedded', 'model'),
    resources: join(root, 'resources'),
  };
}

function findRoot(from: string): { root: string; version: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (manifest.success && manifest.data.name === 'impasto') {
        return { root: folder, version: manifest.data.version };
      }
    }
    if (dirname(folder) === folder) {
      throw new StudioError(
        'host/installation-incomplete',
        `No Impasto was found around ${from}.`,
        'Install Impasto again, or start it from its own folder.',
      );
    }
  }
}
