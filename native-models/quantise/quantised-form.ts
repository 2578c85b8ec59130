import type { LinearForm } from '../architectures/build-options.ts';
import type { TensorRef } from '../checkpoints/weights.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import { quantisedNames } from './quantised-file.ts';
import { blockSize, type QuantScheme } from './scheme.ts';

/**
 * Writes linear layers over stored weights of fewer bits. 8 bits: (x·cast(Q))·s, which any provider runs. 4 bits:
 * ONNX Runtime's MatMulNBits.
 *
 * @param tensors by `quantisedNames`
 * @param left layers that stay as the user's file has them
 */
export function quantisedForm(
  scheme: QuantScheme,
  tensors: ReadonlyMap<string, TensorRef>,
  left: ReadonlySet<string>,
): LinearForm {
  return (graph, name, x, outFeatures) => {
    const names = quantisedNames(name);
    const values = tensors.get(names.values);
    const scales = tensors.get(names.scales);
    if (left.has(name) || values === undefined || scales === undefined) return undefined;
    const scale = graph.cast(graph.external(scales), x.dtype);
    const stored = graph.external(values);
    return scheme === 'int8'
      ? graph.op('Mul', [graph.op('MatMul', [x, graph.cast(stored, x.dtype)]), scale])
      : blockProduct(graph, x, stored, scale, outFeatures);
  };
}

function blockProduct(
  graph: GraphBuilder,
  x: Value,
  stored: Value,
  scale: Value,
  outFeatures: number,
): Value {
  return graph.op('com.microsoft.MatMulNBits', [x, stored, scale], {
    K: staticShape(x).at(-1) ?? 0,
    N: outFeatures,
    bits: 4,
    block_size: blockSize,
  });
}
