import { integerAttribute, integersAttribute, type Attributes } from '../../onnx/attributes.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { elementCount, staticShape, type Value } from '../../onnx/value.ts';
import {
  axisOf,
  meanOver,
  outputGradient,
  sumOver,
  unbroadcast,
  type BackwardNode,
  type Vjp,
} from '../backward-node.ts';

/** The value with its last two axes exchanged. */
function turned(graph: GraphBuilder, value: Value): Value {
  const order = value.shape.map((_, i) => i);
  const [last = 1, before = 0] = [order.pop(), order.pop()];
  return graph.transpose(value, [...order, last, before]);
}

const matMul: Vjp = (node) => {
  const { graph } = node;
  const gradient = outputGradient(node);
  const [left, right] = [node.shape(0), node.shape(1)];
  const ofLeft = (): Value => graph.op('MatMul', [gradient, turned(graph, node.input(1))]);
  const ofRight = (): Value => {
    if (right.length > 2) return graph.op('MatMul', [turned(graph, node.input(0)), gradient]);
    // One matrix for all of a batch: its gradient is one product over all rows.
    const [inner = 1, columns = 1] = right;
    const rows = elementCount(left) / inner;
    const all = graph.reshape(node.input(0), [rows, inner]);
    return graph.op('MatMul', [turned(graph, all), graph.reshape(gradient, [rows, columns])]);
  };
  return [
    node.wants(0) ? unbroadcast(graph, ofLeft(), left) : undefined,
    node.wants(1) ? unbroadcast(graph, ofRight(), right) : undefined,
  ];
};

interface ConvSettings {
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

function convSettings(attributes: Attributes): ConvSettings {
  if (integerAttribute(attributes, 'group', 1) !== 1)
    throw new RangeError('Conv in groups has no derivative here');
  if (integersAttribute(attributes, 'dilations', [1, 1]).some((d) => d !== 1))
    throw new RangeError('dilated Conv has no derivative here');
  const [down = 1, right = 1] = integersAttribute(attributes, 'strides', [1, 1]);
  const [top = 0, left = 0, bottom = 0, end = 0] = integersAttribute(attributes, 'pads', [0, 0, 0, 0]);
  return { strides: [down, right], pads: [top, left, bottom, end] };
}

/** Rows and columns at the end of a padded input that no position of the kernel reaches. */
function unreached(node: BackwardNode, { strides, pads }: ConvSettings): readonly [number, number] {
  const [input, filter] = [node.shape(0), node.shape(1)];
  const along = (axis: 0 | 1): number =>
    ((input[2 + axis] ?? 1) + pads[axis] + pads[axis + 2 === 2 ? 2 : 3] - (filter[2 + axis] ?? 1)) %
    strides[axis];
  return [along(0), along(1)];
}

/** ∂w of a convolution: its input and ∂y with batch and channels exchanged, the strides as the kernel's spread. */
function filterGradient(node: BackwardNode, gradient: Value, settings: ConvSettings): Value {
  const { graph } = node;
  const [out = 1, inner = 1, height = 1, width = 1] = node.shape(1);
  const { strides, pads } = settings;
  const turnedInput = graph.transpose(node.input(0), [1, 0, 2, 3]);
  const turnedGradient = graph.transpose(gradient, [1, 0, 2, 3]);
  const gradientShape = staticShape(turnedGradient);
  const correlated = graph.op('Conv', [turnedInput, turnedGradient], {
    kernel_shape: [gradientShape[2] ?? 1, gradientShape[3] ?? 1],
    pads,
    strides: [1, 1],
    dilations: strides,
  });
  const [, , rows, columns] = staticShape(correlated);
  const whole =
    rows === height && columns === width
      ? correlated
      : graph.op('Slice', [
          correlated,
          graph.integers([0, 0]),
          graph.integers([height, width]),
          graph.integers([2, 3]),
        ]);
  const filter = graph.transpose(whole, [1, 0, 2, 3]);
  return graph.reshape(filter, [out, inner, height, width]);
}

const conv: Vjp = (node) => {
  const { graph } = node;
  const gradient = outputGradient(node);
  const settings = convSettings(node.attributes);
  const input = (): Value =>
    graph.op('ConvTranspose', [gradient, node.input(1)], {
      kernel_shape: node.shape(1).slice(2),
      strides: settings.strides,
      pads: settings.pads,
      output_padding: unreached(node, settings),
    });
  return [
    node.wants(0) ? input() : undefined,
    node.wants(1) ? filterGradient(node, gradient, settings) : undefined,
    node.inputCount > 2 && node.wants(2)
      ? graph.reshape(sumOver(graph, gradient, [0, 2, 3]), node.shape(2))
      : undefined,
  ];
};

/** Nearest enlargement by whole factors: every cell's gradient is the sum of its copies'. */
const resize: Vjp = (node) => {
  const { graph } = node;
  const gradient = outputGradient(node);
  const [from, to] = [node.shape(0), staticShape(gradient)];
  if (node.attributes['mode'] !== 'nearest' || from.some((size, i) => (to[i] ?? 0) % size !== 0)) {
    throw new RangeError(`Resize of [${from.join(', ')}] to [${to.join(', ')}] has no derivative here`);
  }
  const cells = from.flatMap((size, i) => [size, (to[i] ?? 0) / size]);
  const copies = from.map((_, i) => 2 * i + 1);
  return [graph.reshape(sumOver(graph, graph.reshape(gradient, cells), copies), from)];
};

/**
 * ∂x of a normalisation over `axes`, y = scale · (x − mean) / deviation + shift, computed from x anew (arXiv:1607.06450; the
 * same for instance normalisation): r · (g − mean(g) − x̂ · mean(g · x̂)) with g = ∂y · scale.
 */
function normalised(node: BackwardNode, axes: readonly number[], scale: Value | undefined): readonly Value[] {
  const { graph } = node;
  if ([1, 2].some((i) => i < node.inputCount && node.wants(i)))
    throw new RangeError('scale and shift of a normalisation have no derivative here');
  const given = node.attributes['epsilon'];
  const epsilon = typeof given === 'object' && 'float' in given ? given.float : 1e-5;
  const x = node.input(0);
  const centred = graph.op('Sub', [x, meanOver(graph, x, axes)]);
  const variance = meanOver(graph, graph.op('Mul', [centred, centred]), axes);
  const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.floats([epsilon])])]);
  const normal = graph.op('Div', [centred, deviation]);
  const own = scale === undefined ? outputGradient(node) : graph.op('Mul', [outputGradient(node), scale]);
  const shifted = graph.op('Sub', [own, meanOver(graph, own, axes)]);
  const along = meanOver(graph, graph.op('Mul', [own, normal]), axes);
  const inside = graph.op('Sub', [shifted, graph.op('Mul', [normal, along])]);
  return [graph.op('Div', [inside, deviation])];
}

const layerNorm: Vjp = (node) => {
  const first = axisOf(node, integerAttribute(node.attributes, 'axis', -1));
  const axes = node.shape(0).flatMap((_, i) => (i >= first ? [i] : []));
  return normalised(node, axes, node.input(1));
};

const instanceNorm: Vjp = (node) => {
  const shape = node.shape(0);
  const axes = shape.flatMap((_, i) => (i >= 2 ? [i] : []));
  const scale = node.graph.reshape(node.input(1), [shape[1] ?? 1, ...axes.map(() => 1)]);
  return normalised(node, axes, scale);
};

/** Operators with weights or statistics in them. */
export const neuralVjps: Readonly<Record<string, Vjp>> = {
  MatMul: matMul,
  Conv: conv,
  Resize: resize,
  LayerNormalization: layerNorm,
  InstanceNormalization: instanceNorm,
};
