import type { Component } from '../checkpoints/checkpoint.ts';
import type { VaeConfig } from '../checkpoints/component-configs.ts';
import { ModelError } from '../errors.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Value } from '../onnx/value.ts';
import type { BuildOptions, LatentSize } from './build-options.ts';
import { Layers } from './layers.ts';
import { downsample } from './resnet.ts';
import { vaeHead, vaeMiddle, vaeResnet } from './vae-blocks.ts';

/** Pixels along each side that one latent cell stands for. */
export function pixelsPerCell(config: VaeConfig): number {
  return 2 ** (config.channels.length - 1);
}

/**
 * The graph of an autoencoder's encoder (diffusers' AutoencoderKL); sizes are given in latent cells.
 *
 * Input: `image` float32 `[batch, imageChannels, height·f, width·f]`, white at 1 and black at -1 (f: `pixelsPerCell`).
 * Outputs: `mean` and `logvar` float32 `[batch, latentChannels, height, width]` of the latent's distribution, before the
 * scaling factor; logvar clamped to -30…20 as diffusers does.
 * @throws {ModelError} `size-unsupported` for a size below one cell.
 */
export function buildVaeEncoder(vae: Component<VaeConfig>, options: BuildOptions & LatentSize): BuiltModel {
  const { config } = vae;
  const { batch, height, width } = options;
  if (height < 1 || width < 1) {
    throw new ModelError(
      'size-unsupported',
      `${width} × ${height} cells is no size.`,
      'Choose a larger picture.',
    );
  }
  const graph = new GraphBuilder();
  const layers = new Layers(graph, vae.weights, options);
  const side = pixelsPerCell(config);
  const image = graph.input('image', 'float32', [batch, config.imageChannels, height * side, width * side]);
  let x = layers.conv('encoder.conv_in', graph.cast(image, layers.compute), config.channels[0] ?? 1, {
    kernel: 3,
  });
  config.channels.forEach((channels, i) => {
    const name = `encoder.down_blocks.${i}`;
    for (let j = 0; j < config.layersPerBlock; j++) {
      x = vaeResnet(layers, `${name}.resnets.${j}`, x, channels, config);
    }
    if (i < config.channels.length - 1) x = downsample(layers, `${name}.downsamplers.0`, x, [0, 0, 1, 1]);
  });
  leave(layers, config, x);
  return graph.build('vae-encoder');
}

/**
 * The graph of an encoder from its middle on, where cells attend to each other: what cannot be computed in bands, and is
 * small. Input: `x` float32 `[batch, channels, height, width]`; outputs as of {@link buildVaeEncoder}.
 */
export function buildVaeEncoderMiddle(
  vae: Component<VaeConfig>,
  options: BuildOptions & LatentSize,
): BuiltModel {
  const { config } = vae;
  const graph = new GraphBuilder();
  const layers = new Layers(graph, vae.weights, options);
  const { batch, height, width } = options;
  const x = graph.input('x', 'float32', [batch, config.channels.at(-1) ?? 1, height, width]);
  leave(layers, config, graph.cast(x, layers.compute));
  return graph.build('vae-encoder-middle');
}

function leave(layers: Layers, config: VaeConfig, features: Value): void {
  const { graph } = layers;
  let x = vaeHead(layers, 'encoder', vaeMiddle(layers, 'encoder.mid_block', features, config), config);
  const moments = config.latentChannels * 2;
  x = layers.conv('encoder.conv_out', x, moments, { kernel: 3 });
  if (config.quantConv) x = layers.conv('quant_conv', x, moments, { kernel: 1 });
  const [mean, logvar] = graph.ops('Split', [graph.cast(x, 'float32')], { axis: 1, num_outputs: 2 });
  if (mean === undefined || logvar === undefined) throw new RangeError('Split in two gave fewer parts');
  graph.output('mean', mean);
  graph.output(
    'logvar',
    graph.op('Max', [graph.op('Min', [logvar, graph.floats([20])]), graph.floats([-30])]),
  );
}
