import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type OpenedModel, openModel } from '../stages/opened-model.ts';

/** Models that are remembered; each is headers and settings only. */
const REMEMBERED = 4;
/** Folders of models are shallow; deeper ones are opened anew each time. */
const MOST_FILES = 200;

interface Remembered {
  readonly fingerprint: string;
  readonly model: OpenedModel;
}

/** Models that were opened for earlier jobs, taken again while none of their files has changed in size or time. */
export class OpenedModels {
  readonly #known = new Map<string, Remembered>();

  /** @throws as {@link openModel} */
  async open(modelPath: string, vaePath?: string): Promise<OpenedModel> {
    const key = JSON.stringify([modelPath, vaePath ?? null]);
    const fingerprint = fingerprintOf([modelPath, ...(vaePath === undefined ? [] : [vaePath])]);
    const known = this.#known.get(key);
    this.#known.delete(key);
    const model =
      known !== undefined && fingerprint !== null && known.fingerprint === fingerprint
        ? known.model
        : await openModel(modelPath, vaePath);
    if (fingerprint === null) return model;
    this.#known.set(key, { fingerprint, model });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return model;
  }
}

/**
 * Name, size and time of every file under the paths, links followed; null where they cannot be listed. Not asynchronous: some
 * twenty looks at a file system take a tenth of the time that as many turns of the event loop do.
 */
function fingerprintOf(paths: readonly string[]): string | null {
  try {
    const told: string[] = [];
    for (const root of paths) {
      const files = statSync(root).isDirectory() ? filesUnder(root) : [root];
      if (files.length > MOST_FILES) return null;
      for (const file of files) {
        const { size, mtimeMs, ino } = statSync(file);
        told.push(`${file} ${size} ${mtimeMs} ${ino}`);
      }
    }
    return told.join('\n');
  } catch {
    return null;
  }
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.map((entry) => path.join(folder, entry)).toSorted();
}
