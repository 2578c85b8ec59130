import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Raster } from '../../../preload/contract/index.ts';
import type { DenoiseState, StageValue } from '../../inference/protocol.ts';
import { type ContentStore, openContentStore } from './content-store.ts';
import { createMemoryTier } from './memory-tier.ts';

/** What the cache holds of a run besides pictures. */
export type KeptValue =
  | StageValue
  | { readonly kind: 'state'; readonly state: DenoiseState }
  | { readonly kind: 'features'; readonly image: Raster };

/** Outcomes of stages by their keys: in memory, and on disk beyond a restart. */
export interface StageCache {
  /** Where the outcome is, without reading it. */
  readonly where: (key: string) => 'memory' | 'disk' | null;
  /** Reads and checks it. Never rejects: what cannot be read is not there; `damaged` hears of what failed its checksum. */
  readonly get: (key: string, damaged: () => void) => Promise<KeptValue | null>;
  /**
   * Keeps it in memory and, when `durable`, on disk. Never throws: a full disk costs time later, nothing else.
   * @param seconds that computing it again would take
   */
  readonly put: (key: string, value: KeptValue, seconds: number, durable: boolean) => void;
  /** Resolves when everything that was put is on disk. */
  readonly settled: () => Promise<void>;
}

/** Bytes that the two tiers may hold. */
export interface CacheBudgets {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Entries that were not used for so many days are let go; left out: none are for their age. */
  readonly maxAgeDays?: number;
}

/** Opens the cache of a data folder; processes may share it. */
export function openStageCache(dataFolder: string, budgets: CacheBudgets): StageCache {
  const memory = createMemoryTier<KeptValue>(budgets.memoryBytes);
  const disk: ContentStore = openContentStore(join(dataFolder, 'cache', 'stages'), budgets.diskBytes, {
    durable: false,
    ...(budgets.maxAgeDays === undefined ? {} : { maxAge: budgets.maxAgeDays * 86_400_000 }),
  });
  let writes: Promise<void> = Promise.resolve();
  return {
    where: (key) => (memory.has(key) ? 'memory' : disk.has(key) ? 'disk' : null),
    async get(key, damaged) {
      const held = memory.get(key);
      if (held !== undefined) return held;
      const lookup = await disk.get(key);
      if (lookup.found === 'damaged') damaged();
      if (lookup.found !== 'whole') return null;
      const value = read(lookup.bytes);
      // What was read once is likely to be read again; its cost is not known any more.
      if (value !== null) memory.put(key, value, lookup.bytes.byteLength, 1);
      return value;
    },
    put(key, value, seconds, durable) {
      const bytes = serialize(value);
      memory.put(key, value, bytes.byteLength, seconds);
      if (!durable) return;
      writes = writes.then(() => disk.put(key, bytes)).catch(() => {});
    },
    settled: () => writes,
  };
}

/** The checksum holds by now, so this is what an Impasto wrote; another version may have written it differently. */
function read(bytes: Uint8Array): KeptValue | null {
  try {
    const value = deserialize(bytes) as KeptValue;
    return ['text', 'image', 'state', 'features'].includes(value.kind) ? value : null;
  } catch {
    return null;
  }
}
