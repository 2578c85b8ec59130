import type { Component } from '../checkpoints/checkpoint.ts';
import type { VaeConfig } from '../checkpoints/component-configs.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import { Layers } from './layers.ts';
import { nearestTwice } from './resnet.ts';

/**
 * One convolution of an autoencoder over a whole feature map, with what stands before it: a piece that can be computed band
 * by band, since a convolution sees one row beyond its band and a normalisation's statistics are given.
 */
export interface VaePass {
  readonly kind: 'conv' | 'up' | 'down';
  readonly conv: string;
  /** Channels before and after. */
  readonly inner: number;
  readonly outer: number;
  /** The group normalisation before the activation; undefined where there is neither. */
  readonly norm?: string;
  /** A residual block's second half adds what the block was given, by way of a 1×1 convolution where widths differ. */
  readonly added?: { readonly shortcut: string | undefined; readonly channels: number };
}

/** The decoder after its middle, in order; its first half is `buildVaeDecoderMiddle`. */
export function decoderPasses(config: VaeConfig): VaePass[] {
  const passes: VaePass[] = [];
  let inner = config.channels.at(-1) ?? 1;
  config.channels.toReversed().forEach((channels, i) => {
    const name = `decoder.up_blocks.${i}`;
    for (let j = 0; j <= config.layersPerBlock; j++) {
      passes.push(...resnetPasses(`${name}.resnets.${j}`, inner, channels));
      inner = channels;
    }
    if (i < config.channels.length - 1) {
      passes.push({ kind: 'up', conv: `${name}.upsamplers.0.conv`, inner, outer: inner });
    }
  });
  const head = { conv: 'decoder.conv_out', norm: 'decoder.conv_norm_out' };
  return [...passes, { kind: 'conv', ...head, inner, outer: config.imageChannels }];
}

/** The encoder before its middle, in order; its second half is `buildVaeEncoderMiddle`. */
export function encoderPasses(config: VaeConfig): VaePass[] {
  let inner = config.channels[0] ?? 1;
  const passes: VaePass[] = [
    { kind: 'conv', conv: 'encoder.conv_in', inner: config.imageChannels, outer: inner },
  ];
  config.channels.forEach((channels, i) => {
    const name = `encoder.down_blocks.${i}`;
    for (let j = 0; j < config.layersPerBlock; j++) {
      passes.push(...resnetPasses(`${name}.resnets.${j}`, inner, channels));
      inner = channels;
    }
    if (i < config.channels.length - 1) {
      passes.push({ kind: 'down', conv: `${name}.downsamplers.0.conv`, inner, outer: inner });
    }
  });
  return passes;
}

function resnetPasses(name: string, inner: number, outer: number): VaePass[] {
  const shortcut = inner === outer ? undefined : `${name}.conv_shortcut`;
  return [
    { kind: 'conv', conv: `${name}.conv1`, norm: `${name}.norm1`, inner, outer },
    {
      kind: 'conv',
      conv: `${name}.conv2`,
      norm: `${name}.norm2`,
      inner: outer,
      outer,
      added: { shortcut, channels: inner },
    },
  ];
}

/** A band of a feature map. */
export interface Band {
  /** Rows of the input, with the rows beside it that are seen. */
  readonly rows: number;
  readonly width: number;
  /** Whether it begins or ends where the map does; elsewhere the row beside it comes along. */
  readonly top: boolean;
  readonly bottom: boolean;
}

/**
 * The graph of a pass over a band.
 *
 * Inputs, float32: `x` `[1, inner, rows, width]`; with a normalisation `mean` and `inverse` `[1, inner, 1, 1]`, each
 * channel's group's mean and one over its standard deviation; with something added `kept` `[1, channels, …]`, as large as
 * the output. Output: `y` `[1, outer, …]`, of the band's own rows: as many, twice (up) or half as many (down).
 */
export function buildVaePass(vae: Component<VaeConfig>, pass: VaePass, band: Band): BuiltModel {
  const graph = new GraphBuilder();
  const layers = new Layers(graph, vae.weights, { batch: 1 });
  const { inner, outer, added } = pass;
  const x = graph.input('x', 'float32', [1, inner, band.rows, band.width]);
  const seen = pass.norm === undefined ? x : layers.silu(normalise(layers, pass.norm, x, inner));
  const edges = [band.top ? 1 : 0, 1, band.bottom ? 1 : 0, 1] as const;
  const y =
    pass.kind === 'down'
      ? layers.conv(pass.conv, seen, outer, { kernel: 3, stride: 2, pads: [0, 0, band.bottom ? 1 : 0, 1] })
      : layers.conv(pass.conv, pass.kind === 'up' ? enlarge(layers, seen, band) : seen, outer, {
          kernel: 3,
          pads: edges,
        });
  if (added === undefined) graph.output('y', y);
  else {
    const kept = graph.input('kept', 'float32', [1, added.channels, ...staticShape(y).slice(2)]);
    const short =
      added.shortcut === undefined ? kept : layers.conv(added.shortcut, kept, outer, { kernel: 1 });
    graph.output('y', graph.op('Add', [short, y]));
  }
  return graph.build('vae-pass');
}

function normalise(layers: Layers, name: string, x: Value, channels: number): Value {
  const { graph } = layers;
  const mean = graph.input('mean', 'float32', [1, channels, 1, 1]);
  const inverse = graph.input('inverse', 'float32', [1, channels, 1, 1]);
  // Put together on the channels first, so that the map is gone over twice and not four times.
  const scale = graph.op('Mul', [inverse, layers.weight(`${name}.weight`, [channels, 1, 1])]);
  const shift = graph.op('Sub', [
    layers.weight(`${name}.bias`, [channels, 1, 1]),
    graph.op('Mul', [mean, scale]),
  ]);
  return graph.op('Add', [graph.op('Mul', [x, scale]), shift]);
}

/** Twice as large; of the doubled rows beside the band only the nearer one is seen. */
function enlarge(layers: Layers, x: Value, band: Band): Value {
  const { graph } = layers;
  const larger = nearestTwice(layers, x);
  const rows = band.rows * 2;
  const [from, to] = [band.top ? 0 : 1, band.bottom ? rows : rows - 1];
  if (from === 0 && to === rows) return larger;
  return graph.op('Slice', [larger, graph.integers([from]), graph.integers([to]), graph.integers([2])]);
}
