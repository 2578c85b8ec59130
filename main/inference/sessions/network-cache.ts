import type { ComputeSettings } from '../protocol.ts';
import type { NetworkGraph } from './graph-source.ts';
import { assertFits, planMemory } from './memory-plan.ts';
import { createNetwork, type Network } from './network.ts';
import { isPacked } from './session-options.ts';
import { usableMemory } from './usable-memory.ts';

/** What a network is asked for by; equal keys stand for equal graphs over equal weights. */
export interface NetworkRequest {
  /** For messages, such as `UNet`. */
  readonly name: string;
  /** Identity of the weights' files, and everything that the graph was built from. */
  readonly key: string;
  /** Bytes of the weights as stored. */
  readonly weightBytes: number;
  readonly compute: ComputeSettings;
  /** How often the job will run it. */
  readonly runs?: number;
  /** Makes the graph; called only where the network is not loaded. */
  build(): NetworkGraph;
  /** Bytes that a run of another program's graph holds beside its weights; undefined where that cannot be told. */
  activations?(): Promise<number | undefined>;
}

/** Share of main memory that loaded networks may hold. */
const MEMORY_SHARE = 0.6;

/** Networks that stay loaded between jobs, the least recently used of them dropped when memory asks for it. */
export interface NetworkCache {
  get(request: NetworkRequest): Promise<Network>;
  /** Drops everything. */
  clear(): Promise<void>;
}

/**
 * @param notice told of fallbacks.
 * @param budget bytes that loaded networks may hold; the one in use is kept even when it alone holds more.
 */
export function createNetworkCache(
  notice: (message: string) => void,
  budget = usableMemory() * MEMORY_SHARE,
): NetworkCache {
  // A Map keeps the order of insertion: the first entry is the least recently used.
  const loaded = new Map<string, { readonly network: Network; readonly bytes: number }>();

  async function makeRoom(bytes: number): Promise<void> {
    let held = [...loaded.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of loaded) {
      if (held + bytes <= budget) return;
      loaded.delete(key);
      await entry.network.release();
      held -= entry.bytes;
    }
  }

  return {
    async get(request) {
      const { provider, precision, threads } = request.compute;
      const { weightBytes, runs = 1 } = request;
      const packed = isPacked({ weightBytes, runs });
      const key = [request.key, provider, precision, threads, packed].join('|');
      const known = loaded.get(key);
      // One graph of another program's runs at all sizes: each is asked for anew.
      const activations = await request.activations?.();
      if (known) {
        if (activations !== undefined && provider === 'cpu')
          assertFits(request.name, planMemory(request.build(), { weightBytes, runs }, activations));
        loaded.delete(key);
        loaded.set(key, known);
        return known.network;
      }
      const built = request.build();
      const memory = planMemory(built, { weightBytes, runs }, activations);
      if (request.compute.provider === 'cpu') assertFits(request.name, memory);
      const bytes = memory.held + memory.mapped;
      await makeRoom(bytes);
      const network = await createNetwork(
        request.name,
        built,
        weightBytes,
        request.compute,
        notice,
        runs,
        memory.activations,
      );
      loaded.set(key, { network, bytes });
      return network;
    },
    async clear() {
      const entries = [...loaded.values()];
      loaded.clear();
      for (const { network } of entries) await network.release();
    },
  };
}
