import { integerAttribute } from '../../onnx/attributes.ts';
import { onnxDataType } from '../../onnx/element-type.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/value.ts';
import {
  axisOf,
  outputGradient,
  sumOver,
  unbroadcast,
  type BackwardNode,
  type Vjp,
} from '../backward-node.ts';

const scalar = (graph: GraphBuilder, value: number): Value => graph.floats([value]);

/** A rule for one input: from the node and ∂y to ∂x. */
const unary =
  (rule: (node: BackwardNode, gradient: Value) => Value): Vjp =>
  (node) => [rule(node, outputGradient(node))];

/** A rule for two inputs that broadcast against each other. */
const binary =
  (
    left: (node: BackwardNode, gradient: Value) => Value,
    right: (node: BackwardNode, gradient: Value) => Value,
  ): Vjp =>
  (node) =>
    [left, right].map((rule, i) =>
      node.wants(i) ? unbroadcast(node.graph, rule(node, outputGradient(node)), node.shape(i)) : undefined,
    );

const product =
  (other: number) =>
  (node: BackwardNode, gradient: Value): Value =>
    node.graph.op('Mul', [gradient, node.input(other)]);

const divisor = (node: BackwardNode, gradient: Value): Value => {
  const { graph } = node;
  const share = graph.op('Div', [graph.op('Mul', [gradient, node.output(0)]), node.input(1)]);
  return graph.op('Neg', [share]);
};

const sigmoid = (node: BackwardNode, gradient: Value): Value => {
  const { graph } = node;
  const y = node.output(0);
  return graph.op('Mul', [gradient, graph.op('Mul', [y, graph.op('Sub', [scalar(graph, 1), y])])]);
};

const tanh = (node: BackwardNode, gradient: Value): Value => {
  const { graph } = node;
  const y = node.output(0);
  return graph.op('Mul', [gradient, graph.op('Sub', [scalar(graph, 1), graph.op('Mul', [y, y])])]);
};

/** Of x·Φ(x): Φ(x) + x·φ(x), Φ and φ of the standard normal distribution. */
const gelu = (node: BackwardNode, gradient: Value): Value => {
  const { graph } = node;
  const x = node.input(0);
  const erf = graph.op('Erf', [graph.op('Mul', [x, scalar(graph, Math.SQRT1_2)])]);
  const cumulative = graph.op('Mul', [graph.op('Add', [erf, scalar(graph, 1)]), scalar(graph, 0.5)]);
  const exponent = graph.op('Mul', [graph.op('Mul', [x, x]), scalar(graph, -0.5)]);
  const density = graph.op('Mul', [graph.op('Exp', [exponent]), scalar(graph, 1 / Math.sqrt(2 * Math.PI))]);
  const slope = graph.op('Add', [cumulative, graph.op('Mul', [x, density])]);
  return graph.op('Mul', [gradient, slope]);
};

const softmax = (node: BackwardNode, gradient: Value): Value => {
  const { graph } = node;
  const y = node.output(0);
  const axis = axisOf(node, integerAttribute(node.attributes, 'axis', -1));
  const total = sumOver(graph, graph.op('Mul', [gradient, y]), [axis]);
  return graph.op('Mul', [y, graph.op('Sub', [gradient, total])]);
};

/** Operators that act on each element alone, and Softmax. */
export const elementwiseVjps: Readonly<Record<string, Vjp>> = {
  Identity: unary((_, gradient) => gradient),
  Cast: unary((node, gradient) =>
    node.graph.op('Cast', [gradient], { to: onnxDataType(node.input(0).dtype) }),
  ),
  Add: binary(
    (_, gradient) => gradient,
    (_, gradient) => gradient,
  ),
  Sub: binary(
    (_, gradient) => gradient,
    ({ graph }, gradient) => graph.op('Neg', [gradient]),
  ),
  Mul: binary(product(1), product(0)),
  Div: binary((node, gradient) => node.graph.op('Div', [gradient, node.input(1)]), divisor),
  Neg: unary(({ graph }, gradient) => graph.op('Neg', [gradient])),
  Exp: unary((node, gradient) => node.graph.op('Mul', [gradient, node.output(0)])),
  Sigmoid: unary(sigmoid),
  Tanh: unary(tanh),
  Gelu: unary(gelu),
  Softmax: unary(softmax),
};
