import type { VaeConfig } from '../checkpoints/component-configs.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import { attend } from './attention.ts';
import type { Layers } from './layers.ts';
import { resnetBlock } from './resnet.ts';

const epsilon = 1e-6;

/** A residual block of an autoencoder. */
export function vaeResnet(
  layers: Layers,
  name: string,
  x: Value,
  channels: number,
  config: VaeConfig,
): Value {
  return resnetBlock(layers, name, x, channels, { groups: config.normGroups, epsilon });
}

/** The bottom of an autoencoder's half: residual block, attention over all cells with one head, residual block. */
export function vaeMiddle(layers: Layers, name: string, x: Value, config: VaeConfig): Value {
  const channels = staticShape(x)[1] ?? 1;
  const first = vaeResnet(layers, `${name}.resnets.0`, x, channels, config);
  const mixed = config.middleAttention ? cellAttention(layers, `${name}.attentions.0`, first, config) : first;
  return vaeResnet(layers, `${name}.resnets.1`, mixed, channels, config);
}

/** The last normalisation and activation of an autoencoder's half. */
export function vaeHead(layers: Layers, name: string, x: Value, config: VaeConfig): Value {
  return layers.silu(layers.groupNorm(`${name}.conv_norm_out`, x, config.normGroups, epsilon));
}

function cellAttention(layers: Layers, name: string, x: Value, config: VaeConfig): Value {
  const { graph } = layers;
  const [batch = 1, channels = 1, height = 1, width = 1] = staticShape(x);
  const normal = layers.groupNorm(`${name}.group_norm`, x, config.normGroups, epsilon);
  const tokens = graph.transpose(graph.reshape(normal, [batch, channels, height * width]), [0, 2, 1]);
  const query = layers.linear(`${name}.to_q`, tokens, channels);
  const key = layers.linear(`${name}.to_k`, tokens, channels);
  const value = layers.linear(`${name}.to_v`, tokens, channels);
  const mixed = graph.scope(name, () => attend(layers, query, key, value, 1));
  const out = graph.transpose(layers.linear(`${name}.to_out.0`, mixed, channels), [0, 2, 1]);
  return graph.op('Add', [graph.reshape(out, [batch, channels, height, width]), x]);
}
