import type { AttentionForm } from '../../native-models/architectures/build-options.ts';
import { addUnet } from '../../native-models/architectures/unet.ts';
import { differentiate } from '../../native-models/autodiff/differentiate.ts';
import { chooseSegments } from '../../native-models/autodiff/segments.ts';
import type { Component } from '../../native-models/checkpoints/checkpoint.ts';
import type { UnetConfig } from '../../native-models/checkpoints/component-configs.ts';
import type { BuiltModel } from '../../native-models/onnx/encode-model.ts';
import { GraphBuilder } from '../../native-models/onnx/graph-builder.ts';
import type { Value } from '../../native-models/onnx/value.ts';
import type { TrainedMatrix } from './trained-matrices.ts';

/** One size of picture and text. */
export interface TrainingSize {
  readonly height: number;
  readonly width: number;
  readonly tokens: number;
}

/** How a training's graph saves memory. */
export interface MemoryForm {
  /** Bytes of values a segment that is computed again; undefined where all are kept. */
  readonly segmentBytes: number | undefined;
  readonly attention: AttentionForm;
}

/** The output that holds a matrix' gradient. */
export function gradientName(input: string): string {
  return `${input}.gradient`;
}

/**
 * A denoiser with its loss and the gradients of its matrices, for one picture.
 *
 * Inputs beside the UNet's own: `target`, shaped as the latent, and `weight` `[1]`. Outputs: `loss` (scalar), the mean of
 * weight · (prediction − target)², and `gradientName` of each matrix.
 */
export function buildTrainingGraph(
  unet: Component<UnetConfig>,
  matrices: readonly TrainedMatrix[],
  rank: number,
  { height, width, tokens }: TrainingSize,
  { segmentBytes, attention }: MemoryForm,
): BuiltModel {
  const graph = new GraphBuilder();
  const prediction = addUnet(graph, unet, {
    batch: 1,
    height,
    width,
    contextTokens: tokens,
    adapters: new Set(matrices.map(({ site }) => site.name)),
    adapterRank: rank,
    attention,
  });
  const target = graph.input('target', 'float32', [1, unet.config.outChannels, height, width]);
  const off = graph.op('Sub', [prediction, target]);
  const weighted = graph.op('Mul', [graph.op('Mul', [off, off]), graph.input('weight', 'float32', [1])]);
  const loss = graph.op('ReduceMean', [weighted], { keepdims: 0 });
  graph.output('loss', loss);
  const inputs = matrices.map(({ input }) => inputOf(graph, input));
  const segments = segmentBytes === undefined ? [] : chooseSegments(graph, segmentBytes);
  for (const { of, gradient } of differentiate(graph, loss, inputs, segments)) {
    graph.output(gradientName(of.name), gradient);
  }
  return graph.build('training');
}

function inputOf(graph: GraphBuilder, name: string): Value {
  const input = graph.find(name);
  if (input === undefined) throw new RangeError(`the UNet has no input ${name}`);
  return input;
}
