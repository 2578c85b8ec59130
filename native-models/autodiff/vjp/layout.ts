import { integerAttribute, integersAttribute } from '../../onnx/attributes.ts';
import { staticShape, type Value } from '../../onnx/value.ts';
import { axisOf, outputGradient, unbroadcast, type BackwardNode, type Vjp } from '../backward-node.ts';

const reshape: Vjp = (node) => [node.graph.reshape(outputGradient(node), node.shape(0))];

const transpose: Vjp = (node) => {
  const rank = node.shape(0).length;
  const reversed = Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const order = integersAttribute(node.attributes, 'perm', reversed);
  const back = order.map((_, axis) => order.indexOf(axis));
  return [node.graph.transpose(outputGradient(node), back)];
};

/** Elements `from` to `to` of an axis. */
function part({ graph }: BackwardNode, value: Value, axis: number, from: number, to: number): Value {
  return graph.op('Slice', [value, graph.integers([from]), graph.integers([to]), graph.integers([axis])]);
}

const concat: Vjp = (node) => {
  const axis = axisOf(node, integerAttribute(node.attributes, 'axis', 0));
  const gradient = outputGradient(node);
  let from = 0;
  return Array.from({ length: node.inputCount }, (_, i) => {
    const to = from + (node.shape(i)[axis] ?? 0);
    const own = node.wants(i) ? part(node, gradient, axis, from, to) : undefined;
    from = to;
    return own;
  });
};

const split: Vjp = (node) => {
  const { graph } = node;
  const axis = axisOf(node, integerAttribute(node.attributes, 'axis', 0));
  const parts = node.gradients.map((gradient, i) => {
    if (gradient !== undefined) return gradient;
    const shape = staticShape(node.output(i));
    return graph.op('Expand', [graph.floats([0]), graph.integers(shape)]);
  });
  return [graph.concat(parts, axis)];
};

const slice: Vjp = (node) => {
  const { graph } = node;
  const shape = node.shape(0);
  const starts = node.integers(1) ?? [];
  const ends = node.integers(2) ?? [];
  const axes = node.integers(3) ?? starts.map((_, i) => i);
  if (node.integers(4)?.some((step) => step !== 1))
    throw new RangeError('Slice with steps has no derivative here');
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  axes.forEach((given, i) => {
    const axis = axisOf(node, given);
    const size = shape[axis] ?? 0;
    const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    before[axis] = clamp(starts[i] ?? 0);
    after[axis] = size - clamp(ends[i] ?? size);
  });
  return [graph.op('Pad', [outputGradient(node), graph.integers([...before, ...after])])];
};

const expand: Vjp = (node) => [unbroadcast(node.graph, outputGradient(node), node.shape(0))];

/** The axes that a reduction is over, and how many elements each of its sums has. */
function reduction(node: BackwardNode): { readonly kept: readonly number[]; readonly count: number } {
  const shape = node.shape(0);
  const axes = new Set((node.integers(1) ?? shape.map((_, i) => i)).map((axis) => axisOf(node, axis)));
  const kept = shape.map((size, i) => (axes.has(i) ? 1 : size));
  const count = shape.reduce((product, size, i) => (axes.has(i) ? product * size : product), 1);
  return { kept, count };
}

const spread = (node: BackwardNode, gradient: Value): readonly Value[] => {
  const { graph } = node;
  const kept = graph.reshape(gradient, reduction(node).kept);
  return [graph.op('Expand', [kept, graph.integers(node.shape(0))])];
};

/** Operators that move elements, and sums. */
export const layoutVjps: Readonly<Record<string, Vjp>> = {
  Reshape: reshape,
  Unsqueeze: reshape,
  Squeeze: reshape,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Expand: expand,
  ReduceSum: (node) => spread(node, outputGradient(node)),
  ReduceMean: (node) => {
    const share = node.graph.floats([1 / reduction(node).count]);
    return spread(node, node.graph.op('Mul', [outputGradient(node), share]));
  },
};
