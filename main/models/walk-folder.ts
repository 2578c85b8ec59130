import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Deepest folder that is looked into, counted from the one that was given. */
const MAX_DEPTH = 12;
/** Most entries that are looked at: a whole disk is not a model folder. */
const MAX_ENTRIES = 200_000;

const MODEL_FILE = /\.(safetensors|ckpt)$/i;

/** A thing that may be a model. */
export interface Candidate {
  readonly path: string;
  /** `folder` for a diffusers folder (it has a `model_index.json`), which is not looked into. */
  readonly kind: 'file' | 'folder';
}

/**
 * Finds what may be models below a folder: `.safetensors` files, diffusers folders, and pickled checkpoints (which are
 * only named, with why they stay closed); hidden ones left out. Links
 * are followed, each folder once, so that a link to a folder above ends. Folders that cannot be read are passed over.
 */
export async function* walkFolder(root: string, signal: AbortSignal): AsyncGenerator<Candidate> {
  const seen = new Set<string>();
  let entries = 0;
  const pending = [{ folder: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    signal.throwIfAborted();
    const { folder, depth } = next;
    const real = await realpath(folder).catch(() => null);
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entries += inside.length;
    if (entries > MAX_ENTRIES) return;
    if (inside.some((entry) => entry.name === 'model_index.json')) {
      yield { path: folder, kind: 'folder' };
      continue;
    }
    for (const entry of inside.toSorted((a, b) => (a.name < b.name ? 1 : -1))) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (MODEL_FILE.test(entry.name) && !entry.isDirectory()) {
        yield { path, kind: 'file' };
      } else if (depth < MAX_DEPTH && (entry.isDirectory() || entry.isSymbolicLink())) {
        pending.push({ folder: path, depth: depth + 1 });
      }
    }
  }
}
