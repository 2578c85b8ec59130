import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../../native-models/onnx/schema/onnx_pb.js';
import { type BuiltModel, commonFolder } from '../../../native-models/onnx/encode-model.ts';
import type { GraphFile } from '../../../native-models/onnx/graph-file.ts';

/** What a session is made of: a graph written here, or one that another program exported. */
export type NetworkGraph = BuiltModel | GraphFile;

/** What ONNX Runtime is given for a graph. */
export interface SessionSource {
  readonly model: string | Uint8Array;
  /** Where weights lie that a graph in memory names; undefined for a file, which knows its own folder. */
  readonly weightsFolder: string | undefined;
}

/**
 * The form of a graph that ONNX Runtime takes. It refuses weights that a link leads out of the model's folder, which
 * is how download caches keep them: such a graph is read and told the real places.
 */
export async function sessionSource(graph: NetworkGraph): Promise<SessionSource> {
  if ('modelBytes' in graph) return { model: graph.modelBytes, weightsFolder: graph.externalDataFolder };
  const folder = path.dirname(graph.file);
  const beside = [...graph.places].every(([location, real]) => path.resolve(folder, location) === real);
  if (beside) return { model: graph.file, weightsFolder: undefined };
  const common = commonFolder([...graph.places.values()]) ?? folder;
  const model = fromBinary(ModelProtoSchema, await readFile(graph.file));
  for (const tensor of model.graph?.initializer ?? []) {
    for (const entry of tensor.externalData) {
      const real = entry.key === 'location' ? graph.places.get(entry.value) : undefined;
      if (real !== undefined) entry.value = path.relative(common, real).replaceAll('\\', '/');
    }
  }
  return { model: toBinary(ModelProtoSchema, model), weightsFolder: common };
}
