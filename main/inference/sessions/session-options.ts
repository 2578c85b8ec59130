import type { ComputeSettings, Provider } from '../protocol.ts';
import type { ort } from './onnxruntime.ts';
import { usableMemory } from './usable-memory.ts';

/** What is known of a network before its session is made. */
export interface NetworkSize {
  /** Bytes of its weights as they are stored. */
  readonly weightBytes: number;
  /** The folder that its weights' paths are relative to; undefined where all are in the graph. */
  readonly weightsFolder: string | undefined;
  /** How often it will be run, as far as that is known. */
  readonly runs?: number;
  /** Bytes that a run is predicted to hold beside the weights; 0 where that is not known. */
  readonly activations?: number;
}

/**
 * Runs that hold this many bytes take memory from the system and give it back: an arena would keep the most that it ever
 * held, for each network. Below, the arena saves a tenth of a step.
 */
const ARENA_BELOW = 512 * 2 ** 20;

/**
 * Networks below this many bytes of weights are packed for the processor once (faster steps for a
 * second copy in memory); larger ones are run from the mapped pages of their own file, so that a
 * checkpoint of gigabytes answers in seconds, unless it will be run many times.
 */
const PACKED_BELOW = 200 * 2 ** 20;

/**
 * The same for networks that run once in a picture: packing the autoencoder of SD1.5 takes 1.5 s and half a gigabyte, and
 * saves one core-second of thirteen at 512 px.
 */
const PACKED_ONCE_BELOW = 64 * 2 ** 20;

/**
 * Runs from which on converting a large network's weights once pays: SD1.5 takes 18 core-seconds for
 * it and saves 0.7 a run, whatever the picture's size.
 */
const WORTH_CONVERTING = 60;

/** Main memory that converting takes at its peak, in bytes for each byte of stored weights. */
const CONVERTING_MEMORY = 5;

/**
 * Whether a network's weights are converted and packed when its session is made. Depends on nothing
 * that changes from one run of a job to the next, since it can change the last bits of a picture.
 *
 * @param usable bytes of main memory.
 */
export function isPacked(
  { weightBytes, runs = 1 }: Pick<NetworkSize, 'weightBytes' | 'runs'>,
  usable = usableMemory(),
): boolean {
  if (weightBytes < (runs > 1 ? PACKED_BELOW : PACKED_ONCE_BELOW)) return true;
  return isConverted({ weightBytes, runs }, usable);
}

/**
 * Whether a network is packed only because it is run so often and memory holds it.
 *
 * @param usable bytes of main memory.
 */
export function isConverted(
  { weightBytes, runs = 1 }: Pick<NetworkSize, 'weightBytes' | 'runs'>,
  usable = usableMemory(),
): boolean {
  const large = weightBytes >= PACKED_BELOW && runs >= WORTH_CONVERTING;
  return large && weightBytes * CONVERTING_MEMORY <= usable / 2;
}

/** Whether a network keeps the memory of its runs for the next one. */
export function usesArena(size: Omit<NetworkSize, 'weightsFolder'>): boolean {
  // Weights that are cast as they are used pass through the arena too, for a network that runs once in a picture.
  return (size.activations ?? 0) < ARENA_BELOW && (isPacked(size) || (size.runs ?? 1) > 1);
}

/**
 * ONNX Runtime's options for a network.
 *
 * Large networks keep `Cast` nodes on their fp16 weights (constant folding would write an fp32 copy
 * of all of them to memory) and are not pre-packed. Nor is their memory laid out ahead: the block for that comes on top of
 * what the first run took piece by piece (at 512 px, SD1.5 went from 0.7 to 1.4 GiB with its second step).
 */
export function sessionOptions(
  size: NetworkSize,
  compute: ComputeSettings,
  provider: Provider,
): ort.InferenceSession.SessionOptions {
  const packed = isPacked(size);
  const arena = usesArena(size);
  const session: Record<string, unknown> = {
    // Each session has threads of its own: after a run they would spin on, on the cores that the next network needs.
    force_spinning_stop: '1',
    ...(packed ? {} : { disable_prepacking: '1' }),
  };
  if (size.weightsFolder !== undefined) {
    session['model_external_initializers_file_folder_path'] = size.weightsFolder;
  }
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: compute.threads,
    interOpNumThreads: 1,
    enableCpuMemArena: arena,
    enableMemPattern: packed && arena,
    graphOptimizationLevel: packed ? 'all' : 'extended',
    logSeverityLevel: 3,
    extra: {
      session,
      ...(packed ? {} : { optimization: { disable_specified_optimizers: 'ConstantFolding' } }),
    },
  };
}
