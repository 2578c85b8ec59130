import { join } from 'node:path';
import { type Engine, thisEngine } from '../plan/engine.ts';
import { gibibytes, readCacheLimits } from './cache-limits.ts';
import { type ContentStore, openContentStore } from './content-store.ts';
import { openStageCache, type StageCache } from './stage-cache.ts';

/** What earlier runs left behind. */
export interface GenerationCache {
  readonly engine: Engine;
  /** Finished pictures as PNG files. */
  readonly pictures: ContentStore;
  readonly stages: StageCache;
}

/**
 * Opens the cache of a data folder within its limits; it survives restarts and may be shared by processes.
 *
 * @param version of Impasto: another one may round differently, so its outcomes are not this one's.
 */
export function openGenerationCache(dataFolder: string, version: string): GenerationCache {
  const limits = readCacheLimits(dataFolder);
  return {
    engine: thisEngine(version),
    // The result itself waits for the disk; its copy here need not.
    pictures: openContentStore(join(dataFolder, 'cache', 'pictures'), gibibytes(limits.pictures), {
      durable: false,
    }),
    stages: openStageCache(dataFolder, {
      memoryBytes: gibibytes(limits.memory),
      diskBytes: gibibytes(limits.stages),
      ...(limits.maxAgeDays === null ? {} : { maxAgeDays: limits.maxAgeDays }),
    }),
  };
}
