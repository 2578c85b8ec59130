import type { Weights } from '../../native-models/checkpoints/weights.ts';
import type { BuiltModel } from '../../native-models/onnx/encode-model.ts';
import { operatorThreads } from '../inference/devices/probe-devices.ts';
import type { ComputeSettings } from '../inference/protocol.ts';
import { createNetwork } from '../inference/sessions/network.ts';
import { weightBytes } from '../inference/stages/opened-model.ts';
import type { Vector } from './read-vectors.ts';

/** What references are computed on: the processor in fp32. */
export const REFERENCE_COMPUTE: ComputeSettings = {
  provider: 'cpu',
  precision: 'fp32',
  threads: operatorThreads(),
};

/**
 * Builds a session as the worker does, runs it once and drops it.
 *
 * @returns every output by its name
 * @throws InferenceError when it cannot be run
 */
export async function runNetwork(
  built: BuiltModel,
  weights: Weights,
  feeds: Readonly<Record<string, Vector>>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const network = await createNetwork('network', built, weightBytes(weights), REFERENCE_COMPUTE, () => {});
  try {
    return await network.run(feeds);
  } finally {
    await network.release();
  }
}

/** An output that must be there. */
export function outputOf(outputs: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const found = outputs.get(name);
  if (found !== undefined) return found;
  throw new Error(`the network has no output ${name}`);
}
