import type { Component } from '../checkpoints/checkpoint.ts';
import type { UnetConfig } from '../checkpoints/component-configs.ts';
import { ModelError } from '../errors.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { ShapeError } from '../onnx/shape-rules/rule.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { BuildOptions, LatentSize } from './build-options.ts';
import { conditioningInputs } from './conditioning.ts';
import { Layers } from './layers.ts';
import { downPath, middle, upPath } from './unet-blocks.ts';

/** What a UNet is built for. */
export interface UnetBuildOptions extends BuildOptions, LatentSize {
  /** Tokens of text: 77 for each chunk of a prompt. */
  readonly contextTokens: number;
  /** Whether a ControlNet's residuals are inputs. */
  readonly control?: boolean;
}

/**
 * The graph of a conditional UNet (arXiv:2112.10752; SDXL: arXiv:2307.01952), as diffusers' UNet2DConditionModel
 * computes it.
 *
 * Inputs, float32: `sample` `[batch, inChannels, height, width]`, `timestep` `[batch]` (0 to 999, fractions allowed),
 * `encoder_hidden_states` `[batch, contextTokens, crossAttentionDim]`; SDXL also `text_embeds` `[batch, 1280]` and
 * `time_ids` `[batch, 6]`; a guidance-distilled UNet `timestep_cond`; with `control`, one `control_down_N` for each map
 * of the way down and `control_mid`; with adapters, what `adapterInputNames` says for each site;
 * with `contextMasks`, what `contextMaskName` says for each size of feature map with attention.
 * Output: `out_sample` `[batch, outChannels, height, width]`.
 * @throws {ModelError} when a tensor is missing or of another shape than the config says, or layers do not join.
 */
export function buildUnet(unet: Component<UnetConfig>, options: UnetBuildOptions): BuiltModel {
  try {
    return writeUnet(unet, options);
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new ModelError(
      'shape-mismatch',
      `The UNet's layers do not fit each other (${cause.message}).`,
      'Tensors are missing from the file, or it is of another kind: get it again from its author.',
      { cause },
    );
  }
}

function writeUnet(unet: Component<UnetConfig>, options: UnetBuildOptions): BuiltModel {
  const graph = new GraphBuilder();
  graph.output('out_sample', addUnet(graph, unet, options));
  return graph.build('unet');
}

/**
 * Writes a UNet's inputs and nodes into a graph that goes on behind it.
 *
 * @returns its output, float32 `[batch, outChannels, height, width]`.
 */
export function addUnet(graph: GraphBuilder, unet: Component<UnetConfig>, options: UnetBuildOptions): Value {
  const { config } = unet;
  const { batch, height, width } = options;
  const layers = new Layers(graph, unet.weights, options);
  const sample = graph.input('sample', 'float32', [batch, config.inChannels, height, width]);
  const { time, context } = conditioningInputs(layers, config, batch, options.contextTokens);
  const block = { layers, config, time, context };

  const first = config.down[0]?.channels ?? 1;
  const entered = layers.conv('conv_in', graph.cast(sample, layers.compute), first, { kernel: 3 });
  const down = downPath(block, config.down, entered);
  const bottom = middle(block, config.middle, down.x);
  const added = (value: Value, name: string): Value =>
    options.control === true
      ? graph.op('Add', [value, graph.cast(graph.input(name, 'float32', staticShape(value)), layers.compute)])
      : value;
  const skips = down.skips.map((skip, i) => added(skip, `control_down_${i}`));
  const top = upPath(block, config.up, added(bottom, 'control_mid'), skips);

  const normal = layers.silu(layers.groupNorm('conv_norm_out', top, config.normGroups, config.normEps));
  const out = layers.conv('conv_out', normal, config.outChannels, { kernel: 3 });
  return graph.cast(out, 'float32');
}
