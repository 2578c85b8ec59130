import { predictMemory } from '../../../native-models/onnx/liveness.ts';
import { InferenceError } from '../errors.ts';
import type { NetworkGraph } from './graph-source.ts';
import { isPacked, type NetworkSize } from './session-options.ts';
import { usableMemory } from './usable-memory.ts';

/** Share of main memory that one network may take in a run; the rest is the system's and the studio's. */
const MOST_SHARE = 0.9;

/** What a network will hold in memory, in bytes. */
export interface NetworkMemory {
  /** Weights prepared once, and the most that a run holds on top of them. */
  readonly held: number;
  /** Pages of the user's own file, which the system can drop and read again. */
  readonly mapped: number;
  /** What a run holds and gives back, part of `held`; 0 where that is not known. */
  readonly activations: number;
}

/**
 * What a network will hold, computed from its graph before anything runs; packed ones hold their
 * weights twice while they are prepared. Another program's graph is predicted elsewhere (`exportActivations`).
 *
 * @param activations bytes that a run of another program's graph holds; 0 where that is not known
 */
export function planMemory(
  graph: NetworkGraph,
  size: Pick<NetworkSize, 'weightBytes' | 'runs'>,
  activations = 0,
): NetworkMemory {
  const packed = isPacked(size);
  if (!('modelBytes' in graph)) {
    const bytes = graph.files.reduce((sum, file) => sum + file.bytes, 0);
    // Weights beside the graph are mapped, those inside it are read with it.
    const inside = graph.files.find(({ path }) => path === graph.file)?.bytes ?? 0;
    return packed
      ? { held: bytes * 2 + activations, mapped: 0, activations }
      : { held: inside + activations, mapped: bytes - inside, activations };
  }
  const predicted = predictMemory(graph.modelBytes, { folded: packed });
  const { residentWeights, peakActivations, boundary, mappedWeights } = predicted;
  return {
    held: residentWeights * (packed ? 2 : 1) + peakActivations + boundary,
    mapped: mappedWeights,
    activations: peakActivations,
  };
}

/**
 * @param usable bytes of main memory.
 * @throws InferenceError `inference/out-of-memory`, with the number that does not fit.
 */
export function assertFits(name: string, { held }: NetworkMemory, usable = usableMemory()): void {
  if (held <= usable * MOST_SHARE) return;
  throw new InferenceError(
    'inference/out-of-memory',
    `The ${name} needs about ${gigabytes(held)} at this size; this machine has ${gigabytes(usable)}.`,
    'Choose a smaller size.',
  );
}

/**
 * Says how memory is short where a network's weights and its run together exceed it: its pages would be read from disk
 * again at each step. Undefined where they fit.
 */
export function shortOfMemory({ held, mapped }: NetworkMemory, usable = usableMemory()): string | undefined {
  const needed = held + mapped;
  return needed <= usable * MOST_SHARE
    ? undefined
    : `model and size take ${gigabytes(needed)} of ${gigabytes(usable)}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
