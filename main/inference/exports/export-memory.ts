import type { GraphFile } from '../../../native-models/onnx/graph-file.ts';
import { graphOfStub, readGraphStub } from '../../../native-models/onnx/graph-stub.ts';
import { predictGraphMemory } from '../../../native-models/onnx/liveness.ts';
import type { TensorType } from '../../../native-models/onnx/value.ts';
import { ort } from '../sessions/onnxruntime.ts';

/** Shapes of a graph's inputs, by name. */
export type InputSizes = Readonly<Record<string, readonly number[]>>;

const known = new WeakMap<GraphFile, Map<string, Promise<number | undefined>>>();

/**
 * Bytes that a run of another program's graph will hold beside its weights. Its values' shapes are what ONNX Runtime
 * infers for the graph without weights, with every value an output: nothing is computed, and a UNet takes a tenth of a second.
 *
 * @param sizes of what it will be run on; what is left out is 1
 * @returns undefined where shapes depend on what is computed
 */
export function exportActivations(graph: GraphFile, sizes: InputSizes): Promise<number | undefined> {
  const ofGraph = known.get(graph) ?? new Map<string, Promise<number | undefined>>();
  known.set(graph, ofGraph);
  const key = JSON.stringify(sizes);
  // A prediction that fails refuses nothing: whatever ails the graph is said when it is loaded.
  const found = ofGraph.get(key) ?? predict(graph, sizes).catch(() => undefined);
  ofGraph.set(key, found);
  return found;
}

async function predict(graph: GraphFile, sizes: InputSizes): Promise<number | undefined> {
  const stub = await readGraphStub(graph, sizes);
  const session = await ort.InferenceSession.create(stub.modelBytes, {
    executionProviders: ['cpu'],
    // Folds what shapes are computed from, and no more.
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
    enableCpuMemArena: false,
    logSeverityLevel: 4,
  });
  try {
    const types = new Map<string, TensorType>();
    for (const value of session.outputMetadata) {
      if (!value.isTensor) continue;
      const dtype = TYPES[value.type];
      if (dtype !== undefined) types.set(value.name, { dtype, shape: value.shape });
    }
    const whole = graphOfStub(stub, types);
    if (whole === undefined) return undefined;
    const { peakActivations, boundary } = predictGraphMemory(whole);
    return peakActivations + boundary;
  } finally {
    await session.release();
  }
}

/** The processor computes float16 in float32. */
const TYPES: Readonly<Record<string, TensorType['dtype']>> = {
  float32: 'float32',
  float16: 'float32',
  bfloat16: 'float32',
  float64: 'float64',
  int64: 'int64',
  int32: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint16: 'uint16',
  uint8: 'uint8',
  bool: 'bool',
};
