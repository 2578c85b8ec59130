import { staticShape, type Value } from '../onnx/value.ts';
import type { Layers } from './layers.ts';

/** Settings of a residual block's normalisations. */
export interface NormSettings {
  readonly groups: number;
  readonly epsilon: number;
}

/**
 * A residual block (arXiv:1512.03385) of two 3×3 convolutions; the time embedding, where there is one, is added
 * between them.
 *
 * @param time `[batch, timeEmbedDim]`, already activated; undefined in an autoencoder.
 */
export function resnetBlock(
  layers: Layers,
  name: string,
  x: Value,
  outChannels: number,
  norm: NormSettings,
  time?: Value,
): Value {
  const { graph } = layers;
  const [batch = 1, inChannels = 1] = staticShape(x);
  const first = layers.silu(layers.groupNorm(`${name}.norm1`, x, norm.groups, norm.epsilon));
  let hidden = layers.conv(`${name}.conv1`, first, outChannels, { kernel: 3 });
  if (time !== undefined) {
    const [height = 1, width = 1] = staticShape(hidden).slice(2);
    const cells = { height, width };
    const { all, byCell } = layers.linearForCells(`${name}.time_emb_proj`, time, outChannels, cells);
    hidden = graph.op('Add', [hidden, graph.reshape(all, [batch, outChannels, 1, 1])]);
    if (byCell) {
      const down = graph.op('Unsqueeze', [byCell.down, graph.integers([1])]);
      const change = graph.op('MatMul', [graph.op('Mul', [down, byCell.mask]), byCell.up]);
      const map = graph.reshape(graph.transpose(change, [0, 2, 1]), [batch, outChannels, height, width]);
      hidden = graph.op('Add', [hidden, map]);
    }
  }
  const second = layers.silu(layers.groupNorm(`${name}.norm2`, hidden, norm.groups, norm.epsilon));
  const residual = layers.conv(`${name}.conv2`, second, outChannels, { kernel: 3 });
  const shortcut =
    inChannels === outChannels ? x : layers.conv(`${name}.conv_shortcut`, x, outChannels, { kernel: 1 });
  return graph.op('Add', [shortcut, residual]);
}

/** Halves a feature map with a 3×3 convolution. `pads` are an encoder's uneven ones; the default is 1 all round. */
export function downsample(
  layers: Layers,
  name: string,
  x: Value,
  pads: readonly [number, number, number, number] = [1, 1, 1, 1],
): Value {
  return layers.conv(`${name}.conv`, x, staticShape(x)[1] ?? 1, { kernel: 3, stride: 2, pads });
}

/** A feature map twice as large, each cell four times. */
export function nearestTwice(layers: Layers, x: Value): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = staticShape(x);
  return nearest(layers, x, [batch, channels, height * 2, width * 2]);
}

function nearest(layers: Layers, x: Value, sizes: readonly number[]): Value {
  return layers.graph.op('Resize', [x, undefined, undefined, layers.graph.integers(sizes)], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** Enlarges a feature map to `height` × `width` by its nearest cells, then smooths with a 3×3 convolution. */
export function upsample(layers: Layers, name: string, x: Value, height: number, width: number): Value {
  const [batch = 1, channels = 1] = staticShape(x);
  const larger = layers.graph.scope(name, () => nearest(layers, x, [batch, channels, height, width]));
  return layers.conv(`${name}.conv`, larger, channels, { kernel: 3 });
}
