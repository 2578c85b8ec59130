import type { TensorType } from '../../../native-models/onnx/value.ts';
import { InferenceError } from '../errors.ts';
import type { ComputeSettings, Provider } from '../protocol.ts';
import { toFloats, toTensor } from './convert-values.ts';
import { type NetworkGraph, sessionSource } from './graph-source.ts';
import { ort } from './onnxruntime.ts';
import { isConverted, sessionOptions } from './session-options.ts';

/** One input of a run: its elements, and its shape where the graph leaves a dimension free. */
export interface Feed {
  readonly data: Float32Array | BigInt64Array;
  readonly shape?: readonly number[];
}

/** A network that is ready to run. */
export interface Network {
  /** What it runs on, which a fallback may have changed. */
  readonly provider: Provider;
  readonly inputs: ReadonlyMap<string, TensorType>;
  /** Whether its weights are large and were converted to fp32 in memory for many runs, in place of being read from their file. */
  readonly converted: boolean;
  /**
   * Runs it once. Outputs are float32 arrays of the caller's own.
   *
   * @throws InferenceError `inference/out-of-memory` or `inference/session-failed`.
   */
  run(feeds: Readonly<Record<string, Feed>>): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

/**
 * A session for a graph. A provider that cannot take it, then or when it runs, is reported and replaced
 * by the processor.
 *
 * @param weightBytes bytes of the weights that the graph names.
 * @param notice told in one sentence when a fallback happens.
 * @param runs how often it will be run, as far as that is known.
 * @param activations bytes that a run is predicted to hold.
 * @throws InferenceError when the processor cannot take it either.
 */
export async function createNetwork(
  name: string,
  graph: NetworkGraph,
  weightBytes: number,
  compute: ComputeSettings,
  notice: (message: string) => void,
  runs = 1,
  activations = 0,
): Promise<Network> {
  const source = await sessionSource(graph);
  const size = { weightBytes, weightsFolder: source.weightsFolder, runs, activations };
  const create = (provider: Provider): Promise<ort.InferenceSession> => {
    const options = sessionOptions(size, compute, provider);
    return typeof source.model === 'string'
      ? ort.InferenceSession.create(source.model, options)
      : ort.InferenceSession.create(source.model, options);
  };
  let { provider } = compute;
  let session: ort.InferenceSession;
  const fallBack = async (error: unknown): Promise<void> => {
    if (provider === 'cpu') throw sessionError(name, error);
    notice(`${provider} could not take the ${name} (${firstLine(error)}); it runs on the processor.`);
    provider = 'cpu';
    session = await create(provider).catch((again: unknown) => Promise.reject(sessionError(name, again)));
  };
  try {
    session = await create(provider);
  } catch (error) {
    await fallBack(error);
  }
  return {
    get provider() {
      return provider;
    },
    inputs: graph.inputs,
    converted: isConverted(size),
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([input, feed]) => [input, tensorOf(feed, graph.inputs.get(input))]),
      );
      // Some devices learn of a kernel that they lack only when it is to run.
      const results = await session.run(tensors).catch(async (error: unknown) => {
        const broken = session;
        await fallBack(error);
        await broken.release();
        return session.run(tensors).catch((again: unknown) => Promise.reject(sessionError(name, again)));
      });
      return new Map(Object.entries(results).map(([output, tensor]) => [output, toFloats(tensor)]));
    },
    release: () => session.release(),
  };
}

function tensorOf(feed: Feed, type: TensorType | undefined): ort.Tensor {
  const shape = feed.shape ?? type?.shape.map(Number) ?? [];
  return toTensor(feed.data, type?.dtype ?? 'float32', shape);
}

function sessionError(name: string, cause: unknown): InferenceError {
  const reason = firstLine(cause);
  if (/bad_alloc|allocat|out of memory|OOM/i.test(reason)) {
    return new InferenceError(
      'inference/out-of-memory',
      `The ${name} did not fit into memory (${reason}).`,
      'Choose a smaller size or close other programs.',
      { cause },
    );
  }
  return new InferenceError(
    'inference/session-failed',
    `The ${name} could not be run: ${reason}.`,
    'Check that the model file is whole; "impasto doctor" shows what was tried.',
    { cause },
  );
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 300).replace(/\.$/, '');
}
