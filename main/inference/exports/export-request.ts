import type { GraphFile } from '../../../native-models/onnx/graph-file.ts';
import type { NetworkRequest } from '../sessions/network-cache.ts';

/** What a graph of an ONNX export is asked for by: it is one for all sizes. */
export function exportRequest(
  model: { readonly identity: string },
  part: string,
  graph: GraphFile,
): Pick<NetworkRequest, 'key' | 'weightBytes' | 'build'> {
  return {
    key: `${model.identity}/exported/${part}`,
    weightBytes: graph.files.reduce((sum, file) => sum + file.bytes, 0),
    build: () => graph,
  };
}
