import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../../../preload/contract/index.ts';
import type { GenerateJob } from '../../inference/protocol.ts';
import { canonicalHash } from '../canonical-json.ts';
import { type ContentStore, openContentStore } from './content-store.ts';

/** Bytes of finished pictures that are kept for repeats. */
const BUDGET = 2 * 1024 ** 3;

/** Finished pictures by everything that decides them: an identical job need not run again. */
export interface PictureCache extends ContentStore {
  /** Names the picture of a job, or null when it hangs on something that no hash stands for. */
  readonly keyOf: (recipe: Recipe, job: GenerateJob) => string | null;
}

/**
 * Opens the cache of a data folder; it survives restarts and may be shared by processes.
 *
 * @param version of Impasto: another one may round differently, so its pictures are not this one's.
 */
export function openPictureCache(dataFolder: string, version: string): PictureCache {
  const engine = [version, platform(), arch(), cpus()[0]?.model ?? ''];
  return {
    ...openContentStore(join(dataFolder, 'cache', 'pictures'), BUDGET),
    keyOf: (recipe, job) => pictureKey(recipe, job, engine),
  };
}

/**
 * SHA-256 over the canonical JSON of a recipe, the rest of its job (threads among it), and the engine that runs it.
 * Null for jobs with inputs that the recipe does not name by content.
 *
 * @param engine what besides recipe and job can change the last bits: version, platform, processor.
 */
export function pictureKey(recipe: Recipe, job: GenerateJob, engine: readonly string[]): string | null {
  const unnamed =
    job.resume !== null ||
    job.vae !== undefined ||
    job.initialLatent !== undefined ||
    job.adapters.some(({ region }) => region !== undefined);
  return unnamed ? null : canonicalHash({ layout: 1, engine, recipe, job: { ...job, ...NAMED_BY_RECIPE } });
}

/**
 * Parts of a job whose files and pixels the recipe names by hash, and those that decide no bit. Whatever else a job
 * holds, now or later, is hashed as it stands.
 */
const NAMED_BY_RECIPE = {
  model: undefined,
  init: undefined,
  mask: undefined,
  adapters: undefined,
  controls: undefined,
  embeddings: undefined,
  previewEvery: undefined,
  fewerBits: undefined,
} as const;
