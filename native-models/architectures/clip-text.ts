import type { Component } from '../checkpoints/checkpoint.ts';
import type { ClipTextConfig } from '../checkpoints/component-configs.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Value } from '../onnx/value.ts';
import { attend } from './attention.ts';
import type { BuildOptions } from './build-options.ts';
import { Layers } from './layers.ts';

/** What a text encoder is built for. */
export interface ClipTextBuildOptions extends BuildOptions {
  /** How many layers from the end the hidden states are taken: 1, the default, is the last ("CLIP skip"). */
  readonly clipSkip?: number;
  /** Whether embeddings of tokens can be replaced by inputs, as textual inversion (arXiv:2208.01618) does. */
  readonly embeddingInputs?: boolean;
}

/**
 * The graph of a CLIP text encoder (arXiv:2103.00020 §2.4; OpenCLIP where the activation is `gelu`).
 *
 * Inputs: `input_ids` int64 `[batch, maxPositions]`; with `embeddingInputs`, `embedding_mask` float32
 * `[batch, maxPositions, 1]` (1 where a token's embedding is replaced) and `embedding_values` float32
 * `[batch, maxPositions, hiddenSize]` (zero elsewhere).
 * Outputs, float32: `last_hidden_state` `[batch, maxPositions, hiddenSize]`, taken `clipSkip` layers from the end and
 * normalised; `penultimate_hidden_state`, of the same shape, taken `max(2, clipSkip)` layers from the end and not
 * normalised (what SDXL uses); `pooled` `[batch, projectionDim or hiddenSize]`, the normalised last state at the first
 * end token, projected where the encoder has a projection.
 */
export function buildClipText(encoder: Component<ClipTextConfig>, options: ClipTextBuildOptions): BuiltModel {
  const { config } = encoder;
  const { batch, clipSkip = 1 } = options;
  const graph = new GraphBuilder();
  const layers = new Layers(graph, encoder.weights, options);
  const ids = graph.input('input_ids', 'int64', [batch, config.maxPositions]);
  const mask = causalMask(layers, config.maxPositions);

  const states = [embedTokens(layers, ids, config, options)];
  for (let i = 0; i < config.layers; i++) {
    const before = states[i];
    if (before !== undefined)
      states.push(encoderLayer(layers, `text_model.encoder.layers.${i}`, before, mask, config));
  }
  const state = (fromEnd: number): Value => {
    const found = states.at(-fromEnd);
    if (found === undefined) throw new RangeError(`${fromEnd} layers from the end of ${config.layers}`);
    return found;
  };
  const normalised = (x: Value): Value =>
    layers.layerNorm('text_model.final_layer_norm', x, config.layerNormEps);
  const last = normalised(state(1));
  graph.output(
    'last_hidden_state',
    graph.cast(clipSkip === 1 ? last : normalised(state(clipSkip)), 'float32'),
  );
  graph.output('penultimate_hidden_state', graph.cast(state(Math.max(2, clipSkip)), 'float32'));
  graph.output('pooled', graph.cast(pool(layers, ids, last, batch, config), 'float32'));
  return graph.build('clip-text');
}

function embedTokens(
  layers: Layers,
  ids: Value,
  config: ClipTextConfig,
  options: ClipTextBuildOptions,
): Value {
  const { graph, compute } = layers;
  const { hiddenSize, maxPositions, vocabSize } = config;
  const prefix = 'text_model.embeddings';
  const table = layers.stored(`${prefix}.token_embedding.weight`, [vocabSize, hiddenSize]);
  let tokens = graph.cast(graph.op('Gather', [table, ids]), compute);
  if (options.embeddingInputs === true) {
    const mask = graph.input('embedding_mask', 'float32', [options.batch, maxPositions, 1]);
    const values = graph.input('embedding_values', 'float32', [options.batch, maxPositions, hiddenSize]);
    const kept = graph.op('Mul', [tokens, graph.op('Sub', [layers.scalar(1), graph.cast(mask, compute)])]);
    tokens = graph.op('Add', [kept, graph.cast(values, compute)]);
  }
  const positions = layers.weight(`${prefix}.position_embedding.weight`, [maxPositions, hiddenSize]);
  return graph.op('Add', [tokens, positions]);
}

function encoderLayer(layers: Layers, name: string, x: Value, mask: Value, config: ClipTextConfig): Value {
  const { graph } = layers;
  const { hiddenSize: width, layerNormEps } = config;
  const first = layers.layerNorm(`${name}.layer_norm1`, x, layerNormEps);
  const [query, key, value] = ['q_proj', 'k_proj', 'v_proj'].map((part) =>
    layers.linear(`${name}.self_attn.${part}`, first, width),
  );
  if (query === undefined || key === undefined || value === undefined)
    throw new RangeError('three projections');
  const mixed = graph.scope(`${name}.self_attn`, () =>
    attend(layers, query, key, value, config.heads, { mask }),
  );
  const a = graph.op('Add', [x, layers.linear(`${name}.self_attn.out_proj`, mixed, width)]);
  const second = layers.layerNorm(`${name}.layer_norm2`, a, layerNormEps);
  const hidden = activation(
    layers,
    layers.linear(`${name}.mlp.fc1`, second, config.intermediateSize),
    config,
  );
  return graph.op('Add', [a, layers.linear(`${name}.mlp.fc2`, hidden, width)]);
}

function activation(layers: Layers, x: Value, config: ClipTextConfig): Value {
  if (config.activation === 'gelu') return layers.graph.op('Gelu', [x]);
  const gate = layers.graph.op('Sigmoid', [layers.graph.op('Mul', [x, layers.scalar(1.702)])]);
  return layers.graph.op('Mul', [x, gate]);
}

/** `[1, 1, length, length]`: a large negative number where a token would look at a later one. */
function causalMask(layers: Layers, length: number): Value {
  // The lowest finite float16 also leaves a softmax of zero, and both types hold it.
  const rows = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -65504 : 0,
  );
  return layers.graph.cast(layers.graph.floats(rows, [1, 1, length, length]), layers.compute);
}

/** The state at the first end token, as a product with a one-hot row so that any device runs it. */
function pool(layers: Layers, ids: Value, last: Value, batch: number, config: ClipTextConfig): Value {
  const { graph, compute } = layers;
  const { maxPositions, hiddenSize } = config;
  const isEnd = graph.cast(graph.op('Equal', [ids, graph.integers([config.endToken])]), 'float32');
  const position = graph.op('ArgMax', [isEnd], { axis: 1, keepdims: 1 });
  const places = graph.integers(
    Array.from({ length: maxPositions }, (_, i) => i),
    [1, maxPositions],
  );
  const oneHot = graph.cast(graph.op('Equal', [position, places]), compute);
  const picked = graph.op('MatMul', [graph.reshape(oneHot, [batch, 1, maxPositions]), last]);
  const pooled = graph.reshape(picked, [batch, hiddenSize]);
  return config.projectionDim === undefined
    ? pooled
    : layers.linear('text_projection', pooled, config.projectionDim);
}
