import type { GraphFile } from '../../../native-models/onnx/graph-file.ts';
import { exportActivations, type InputSizes } from './export-memory.ts';
import type { NetworkRequest } from '../sessions/network-cache.ts';

/**
 * What a graph of an ONNX export is asked for by: it is one for all sizes.
 *
 * @param sizes of what it will be run on, by input
 */
export function exportRequest(
  model: { readonly identity: string },
  part: string,
  graph: GraphFile,
  sizes: InputSizes,
): Pick<NetworkRequest, 'key' | 'weightBytes' | 'build' | 'activations'> {
  return {
    key: `${model.identity}/exported/${part}`,
    weightBytes: graph.files.reduce((sum, file) => sum + file.bytes, 0),
    build: () => graph,
    activations: () => exportActivations(graph, sizes),
  };
}
