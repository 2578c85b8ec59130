import type { Component } from '../checkpoints/checkpoint.ts';
import type { VaeConfig } from '../checkpoints/component-configs.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Value } from '../onnx/value.ts';
import type { BuildOptions, LatentSize } from './build-options.ts';
import { Layers } from './layers.ts';
import { vaeHead, vaeMiddle, vaeResnet } from './vae-blocks.ts';

/**
 * The graph of an autoencoder's decoder (diffusers' AutoencoderKL).
 *
 * Input: `latent` float32 `[batch, latentChannels, height, width]`, already divided by the scaling factor (see
 * `VaeConfig`). Output: `image` float32 `[batch, imageChannels, height·f, width·f]`, white at 1 and black at -1, not
 * clamped; f is 2 for each width after the first.
 */
export function buildVaeDecoder(vae: Component<VaeConfig>, options: BuildOptions & LatentSize): BuiltModel {
  const { config } = vae;
  const graph = new GraphBuilder();
  const layers = new Layers(graph, vae.weights, options);
  let x = enter(layers, config, options);
  config.channels.toReversed().forEach((channels, i) => {
    const name = `decoder.up_blocks.${i}`;
    for (let j = 0; j <= config.layersPerBlock; j++) {
      x = vaeResnet(layers, `${name}.resnets.${j}`, x, channels, config);
    }
    if (i < config.channels.length - 1) {
      x = layers.convTwice(`${name}.upsamplers.0.conv`, x, channels);
    }
  });
  const image = layers.conv('decoder.conv_out', vaeHead(layers, 'decoder', x, config), config.imageChannels, {
    kernel: 3,
  });
  graph.output('image', graph.cast(image, 'float32'));
  return graph.build('vae-decoder');
}

/**
 * The graph of a decoder up to and with its middle, where cells attend to each other: what cannot be computed in bands, and
 * is small. Input as of {@link buildVaeDecoder}; output: `y` float32 `[batch, channels, height, width]`.
 */
export function buildVaeDecoderMiddle(
  vae: Component<VaeConfig>,
  options: BuildOptions & LatentSize,
): BuiltModel {
  const graph = new GraphBuilder();
  const layers = new Layers(graph, vae.weights, options);
  graph.output('y', graph.cast(enter(layers, vae.config, options), 'float32'));
  return graph.build('vae-decoder-middle');
}

function enter(
  layers: Layers,
  config: VaeConfig,
  { batch, height, width }: BuildOptions & LatentSize,
): Value {
  const latent = layers.graph.input('latent', 'float32', [batch, config.latentChannels, height, width]);
  let x = layers.graph.cast(latent, layers.compute);
  if (config.postQuantConv) x = layers.conv('post_quant_conv', x, config.latentChannels, { kernel: 1 });
  x = layers.conv('decoder.conv_in', x, config.channels.at(-1) ?? 1, { kernel: 3 });
  return vaeMiddle(layers, 'decoder.mid_block', x, config);
}
