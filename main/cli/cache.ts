import {
  clearCache,
  measureCache,
  readCacheLimits,
  writeCacheLimits,
} from '../generation/cache/cache-limits.ts';
import { studioFolders } from '../hosting/folders.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto cache`. */
export interface CacheFlags {
  clear: boolean;
  pictures?: number;
  stages?: number;
  memory?: number;
  maxAge?: number;
  json: boolean;
}

/** Sets limits, clears if asked, and tells what is there. */
export async function cache(flags: CacheFlags): Promise<Outcome> {
  const { data } = studioFolders();
  const { pictures, stages, memory, maxAge } = flags;
  const before = readCacheLimits(data);
  const limits = {
    pictures: pictures ?? before.pictures,
    stages: stages ?? before.stages,
    memory: memory ?? before.memory,
    maxAgeDays: maxAge ?? before.maxAgeDays,
  };
  if ([pictures, stages, memory, maxAge].some((value) => value !== undefined)) {
    await writeCacheLimits(data, limits);
  }
  if (flags.clear) await clearCache(data);
  const held = { pictures: await measureCache(data, 'pictures'), stages: await measureCache(data, 'stages') };
  const line = (what: string, { bytes, entries }: typeof held.stages, limit: number): string =>
    `${what}: ${entries} entries, ${(bytes / 2 ** 20).toFixed(1)} MiB of ${limit} GiB`;
  const age = limits.maxAgeDays === null ? '' : `\nWhat was not used for ${limits.maxAgeDays} days goes.`;
  return {
    text: `${line('Pictures', held.pictures, limits.pictures)}\n${line('States', held.stages, limits.stages)}\nMemory: ${limits.memory} GiB at most${age}`,
    json: { held, limits },
  };
}
