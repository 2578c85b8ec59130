import { join } from 'node:path';
import { type Engine, thisEngine } from '../plan/engine.ts';
import { type ContentStore, openContentStore } from './content-store.ts';
import { openStageCache, type StageCache } from './stage-cache.ts';

const MIB = 1024 * 1024;

/** What earlier runs left behind. */
export interface GenerationCache {
  readonly engine: Engine;
  /** Finished pictures as PNG files. */
  readonly pictures: ContentStore;
  readonly stages: StageCache;
}

/** Bytes that the tiers may hold. */
export interface GenerationCacheBudgets {
  readonly memory: number;
  readonly pictures: number;
  readonly stages: number;
}

const BUDGETS: GenerationCacheBudgets = { memory: 256 * MIB, pictures: 2048 * MIB, stages: 2048 * MIB };

/**
 * Opens the cache of a data folder; it survives restarts and may be shared by processes.
 *
 * @param version of Impasto: another one may round differently, so its outcomes are not this one's.
 */
export function openGenerationCache(
  dataFolder: string,
  version: string,
  budgets: GenerationCacheBudgets = BUDGETS,
): GenerationCache {
  return {
    engine: thisEngine(version),
    // The result itself waits for the disk; its copy here need not.
    pictures: openContentStore(join(dataFolder, 'cache', 'pictures'), budgets.pictures, { durable: false }),
    stages: openStageCache(dataFolder, { memoryBytes: budgets.memory, diskBytes: budgets.stages }),
  };
}
