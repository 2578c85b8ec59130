import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import type { Feed } from '../../inference/sessions/network.ts';
import { ort } from '../../inference/sessions/onnxruntime.ts';

/** A graph with gradients, ready to run. */
export interface TrainingSession {
  /** Outputs by name, float32. */
  run(feeds: Readonly<Record<string, Feed>>): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

/** Runs that hold this many bytes give their memory back; smaller ones keep it, which is faster. */
const ARENA_BELOW = 512 * 2 ** 20;

/**
 * A session on the processor. ConstantFolding is off, which would hold every weight a second time, transposed;
 * CommonSubexpressionElimination is off, which would merge what is computed again with what it is a copy of.
 *
 * @param activations bytes that a run is predicted to hold.
 */
export async function createTrainingSession(
  graph: BuiltModel,
  threads: number,
  activations: number,
): Promise<TrainingSession> {
  const folder = graph.externalDataFolder;
  const session = await ort.InferenceSession.create(graph.modelBytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: activations < ARENA_BELOW,
    enableMemPattern: false,
    graphOptimizationLevel: 'extended',
    logSeverityLevel: 3,
    extra: {
      session: {
        disable_prepacking: '1',
        force_spinning_stop: '1',
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
      },
      optimization: { disable_specified_optimizers: 'ConstantFolding;CommonSubexpressionElimination' },
    },
  });
  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, shape }]) => {
          if (!(data instanceof Float32Array)) throw new TypeError(`${name} is not float32`);
          return [name, new ort.Tensor('float32', data, [...(shape ?? [])])];
        }),
      );
      const results = await session.run(tensors);
      return new Map(
        Object.entries(results).map(([name, tensor]) => {
          if (!(tensor.data instanceof Float32Array)) throw new TypeError(`${name} is ${tensor.type}`);
          return [name, tensor.data];
        }),
      );
    },
    release: () => session.release(),
  };
}
