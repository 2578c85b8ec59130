/** Something kept in memory, and what it would cost to have it again. */
interface Entry<T> {
  readonly value: T;
  readonly bytes: number;
  readonly costPerByte: number;
  /** What it is kept by: cost per byte on top of what the last one to go was worth. */
  worth: number;
}

/** Values by key within a budget of bytes; those that are cheap to compute again and were not used go first. */
export interface MemoryTier<T> {
  readonly get: (key: string) => T | undefined;
  readonly has: (key: string) => boolean;
  /** @param seconds that computing it again would take */
  readonly put: (key: string, value: T, bytes: number, seconds: number) => void;
  readonly delete: (key: string) => void;
  readonly clear: () => void;
  readonly bytes: () => number;
}

/**
 * GreedyDual-Size (Cao and Irani 1997, "Cost-Aware WWW Proxy Caching Algorithms", section 4): each entry is worth the
 * seconds that it saves per byte, counted from the worth of the last one that went; a use makes it whole again. Which
 * is least recently used, weighed by cost.
 */
export function createMemoryTier<T>(budget: number): MemoryTier<T> {
  const entries = new Map<string, Entry<T>>();
  let held = 0;
  let inflation = 0;

  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    held -= entry.bytes;
  };
  const makeRoom = (): void => {
    while (held > budget) {
      let least: [string, Entry<T>] | undefined;
      for (const candidate of entries) {
        if (least === undefined || candidate[1].worth < least[1].worth) least = candidate;
      }
      if (least === undefined) return;
      inflation = least[1].worth;
      remove(least[0]);
    }
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entry.worth = inflation + entry.costPerByte;
      // Among equals the one that was used longest ago goes first.
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    has: (key) => entries.has(key),
    put(key, value, bytes, seconds) {
      if (bytes > budget) return;
      remove(key);
      const costPerByte = seconds / Math.max(1, bytes);
      entries.set(key, { value, bytes, costPerByte, worth: inflation + costPerByte });
      held += bytes;
      makeRoom();
    },
    delete: remove,
    clear() {
      entries.clear();
      held = 0;
    },
    bytes: () => held,
  };
}
