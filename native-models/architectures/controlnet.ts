import type { Component } from '../checkpoints/checkpoint.ts';
import type { ControlnetConfig } from '../checkpoints/component-configs.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { BuildOptions, LatentSize } from './build-options.ts';
import { conditioningInputs } from './conditioning.ts';
import { Layers } from './layers.ts';
import { downPath, middle } from './unet-blocks.ts';

/** What a ControlNet is built for. */
export interface ControlnetBuildOptions extends BuildOptions, LatentSize {
  /** Tokens of text: 77 for each chunk of a prompt. */
  readonly contextTokens: number;
}

/** Pixels along each side that one latent cell stands for, in the hint. */
export function hintPixelsPerCell(config: ControlnetConfig): number {
  return 2 ** (config.hintEmbeddingChannels.length - 1);
}

/**
 * The graph of a ControlNet (arXiv:2302.05543), as diffusers' ControlNetModel computes it.
 *
 * Inputs, float32: what `buildUnet` takes (`sample`, `timestep`, `encoder_hidden_states`; SDXL also `text_embeds` and
 * `time_ids`), `control_hint` `[batch, hintChannels, height·f, width·f]` in 0…1 (f: `hintPixelsPerCell`), and
 * `control_scale` `[1]`, the strength.
 * Outputs, float32: `control_down_0` … and `control_mid`, which a UNet built with `control` takes by the same names;
 * those of several ControlNets are added.
 * @throws {ModelError} when a tensor is missing or of another shape than the config says.
 */
export function buildControlnet(
  net: Component<ControlnetConfig>,
  options: ControlnetBuildOptions,
): BuiltModel {
  const { config } = net;
  const { batch, height, width } = options;
  const graph = new GraphBuilder();
  const layers = new Layers(graph, net.weights, options);
  const sample = graph.input('sample', 'float32', [batch, config.inChannels, height, width]);
  const { time, context } = conditioningInputs(layers, config, batch, options.contextTokens);
  const side = hintPixelsPerCell(config);
  const hint = graph.input('control_hint', 'float32', [
    batch,
    config.hintChannels,
    height * side,
    width * side,
  ]);
  const scale = graph.cast(graph.input('control_scale', 'float32', [1]), layers.compute);
  const block = { layers, config, time, context };

  const first = config.down[0]?.channels ?? 1;
  const entered = layers.conv('conv_in', graph.cast(sample, layers.compute), first, { kernel: 3 });
  const guided = graph.op('Add', [
    entered,
    embedHint(layers, graph.cast(hint, layers.compute), first, config),
  ]);
  const down = downPath(block, config.down, guided);
  const bottom = middle(block, config.middle, down.x);
  const residual = (name: string, map: Value): Value => {
    const channels = staticShape(map)[1] ?? 1;
    const scaled = graph.op('Mul', [layers.conv(name, map, channels, { kernel: 1 }), scale]);
    return graph.cast(scaled, 'float32');
  };
  down.skips.forEach((skip, i) =>
    graph.output(`control_down_${i}`, residual(`controlnet_down_blocks.${i}`, skip)),
  );
  graph.output('control_mid', residual('controlnet_mid_block', bottom));
  return graph.build('controlnet');
}

/** Brings the hint to the size of the latent: pairs of convolutions, of which each second halves it. */
function embedHint(layers: Layers, hint: Value, outChannels: number, config: ControlnetConfig): Value {
  const name = 'controlnet_cond_embedding';
  const widths = config.hintEmbeddingChannels;
  let x = layers.silu(layers.conv(`${name}.conv_in`, hint, widths[0] ?? 1, { kernel: 3 }));
  for (let i = 0; i + 1 < widths.length; i++) {
    const [here = 1, next = 1] = widths.slice(i, i + 2);
    x = layers.silu(layers.conv(`${name}.blocks.${i * 2}`, x, here, { kernel: 3 }));
    x = layers.silu(layers.conv(`${name}.blocks.${i * 2 + 1}`, x, next, { kernel: 3, stride: 2 }));
  }
  return layers.conv(`${name}.conv_out`, x, outChannels, { kernel: 3 });
}
