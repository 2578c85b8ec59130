import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openControlnet } from '../../native-models/checkpoints/open-controlnet.ts';
import type { Recipe } from '../../preload/contract/index.ts';
import type { GenerateJob } from '../inference/protocol.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import { hashParts } from './hash-parts.ts';
import { hashVae } from './hash-vae.ts';
import type { FileFinder, FileKind } from './restore-request.ts';

/** Where the files that recipes name were last seen. */
export interface KnownParts extends FileFinder {
  /** The same, which also looks through files and folders that it is shown. */
  readonly lookingIn: (places: readonly string[]) => FileFinder;
  /** Remembers where the parts of a recipe lie. */
  readonly remember: (recipe: Recipe, job: GenerateJob) => void;
}

/** Most files and folders that are looked at in one place. */
const MOST_ENTRIES = 10_000;

type Library = Pick<ModelLibrary, 'get' | 'list' | 'open' | 'hashFile' | 'findAdapter'>;

/** Remembers paths in `database`; what is found is hashed again before it is believed. */
export function openKnownParts(database: Database.Database, library: Library): KnownParts {
  const put = database.prepare<[string, string]>('INSERT OR IGNORE INTO known_parts VALUES (?, ?)');
  const paths = database.prepare<[string], { path: string }>('SELECT path FROM known_parts WHERE sha256 = ?');

  const known: FileFinder = {
    async model(sha256, name) {
      const cards = library.list();
      // Hashing a checkpoint takes a while: those that are called so come first.
      for (const card of cards.toSorted((a, b) => Number(b.name === name) - Number(a.name === name))) {
        const hash = await library
          .get(card.id)
          .then((model) => model.sha256())
          .catch(() => null);
        if (hash === sha256) return card.id;
      }
      return null;
    },
    async file(kind, sha256, name) {
      const seen = paths.all(sha256).map(({ path }) => path);
      const called = kind === 'adapter' ? library.findAdapter(name) : null;
      const shipped = kind === 'controlnet' ? library.list().flatMap(({ controls = [] }) => controls) : [];
      for (const path of [...seen, ...(called === null ? [] : [called]), ...shipped.map((net) => net.path)]) {
        if (!existsSync(path)) continue;
        const hash = await hashPart(kind, path, library.hashFile).catch(() => null);
        if (hash === sha256) return path;
      }
      return null;
    },
  };

  return {
    ...known,
    lookingIn: (places) => ({
      model: async (sha256, name) => (await known.model(sha256, name)) ?? openAmong(places, sha256, library),
      async file(kind, sha256, name) {
        const found = await known.file(kind, sha256, name);
        if (found !== null) return found;
        for (const path of await filesIn(places)) {
          const hash = await hashPart(kind, path, library.hashFile).catch(() => null);
          if (hash === sha256) return path;
        }
        return null;
      },
    }),
    remember: database.transaction((recipe: Recipe, job: GenerateJob) => {
      const pair = (
        named: readonly { readonly sha256: string }[] | undefined,
        files: readonly { readonly path: string }[] | undefined,
      ): void => {
        for (const [i, { sha256 }] of (named ?? []).entries()) {
          const path = files?.[i]?.path;
          if (path !== undefined) put.run(sha256, path);
        }
      };
      pair(recipe.adapters, job.adapters);
      pair(recipe.controls, job.controls);
      pair(recipe.embeddings, job.embeddings);
      if (recipe.vae && job.vae !== undefined) put.run(recipe.vae.sha256, job.vae);
      for (const [i, change] of (recipe.changes ?? []).entries())
        pair(change.adapters, job.changes?.[i]?.adapters);
    }),
  };
}

/** Opens the checkpoint of that hash among the files and folders that are shown. */
async function openAmong(
  places: readonly string[],
  sha256: string,
  library: Library,
): Promise<string | null> {
  for (const path of await filesIn(places)) {
    const card = await library.open(path).catch(() => null);
    if (card === null) continue;
    const model = await library.get(card.id);
    if ((await model.sha256()) === sha256) return card.id;
  }
  return null;
}

/** What may hold weights: the places themselves, and what lies in those that are folders. */
async function filesIn(places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    found.push(place);
    const inside = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => []);
    for (const entry of inside.slice(0, MOST_ENTRIES)) {
      if (entry.isDirectory() || entry.name.endsWith('.safetensors')) {
        found.push(join(entry.parentPath, entry.name));
      }
    }
  }
  return found;
}

/** The hash that a recipe names a file or folder by. */
async function hashPart(
  kind: FileKind,
  path: string,
  hashFile: (path: string) => Promise<string>,
): Promise<string> {
  if (kind === 'vae') return hashVae(path, hashFile);
  if (kind !== 'controlnet') return hashFile(path);
  const { files } = await openControlnet(path);
  return hashParts(
    path,
    files.map((file) => file.path),
    hashFile,
  );
}
