import type { UnetConfig } from '../checkpoints/component-configs.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { Layers } from './layers.ts';

/**
 * Sines and cosines of a number at geometrically falling frequencies (arXiv:1706.03762 §3.5, as in
 * arXiv:2006.11239).
 *
 * @param numbers float32 `[count]`
 * @param width even
 * @returns float32 `[count, width]`
 */
export function sinusoidalEmbedding(
  graph: GraphBuilder,
  numbers: Value,
  width: number,
  config: Pick<UnetConfig, 'flipSinToCos' | 'freqShift'>,
): Value {
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) =>
    Math.exp((-Math.log(10_000) * i) / (half - config.freqShift)),
  );
  const [count = 1] = staticShape(numbers);
  const angles = graph.op('Mul', [graph.reshape(numbers, [count, 1]), graph.floats(frequencies, [1, half])]);
  const sine = graph.op('Sin', [angles]);
  const cosine = graph.op('Cos', [angles]);
  return graph.concat(config.flipSinToCos ? [cosine, sine] : [sine, cosine], 1);
}

/** Two linear layers with SiLU between: the embedding that residual blocks are given. */
export function embeddingMlp(layers: Layers, name: string, x: Value, width: number): Value {
  return layers.linear(`${name}.linear_2`, layers.silu(layers.linear(`${name}.linear_1`, x, width)), width);
}
