import type { Attributes } from '../onnx/attributes.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { elementCount, staticShape, type Value } from '../onnx/value.ts';

/** A node as its rule sees it on the way back. Values are fetched when asked for, since some have to be computed again. */
export interface BackwardNode {
  readonly graph: GraphBuilder;
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputCount: number;
  /** The input's value. */
  input(index: number): Value;
  output(index: number): Value;
  /** The input's shape, for which nothing is computed. */
  shape(index: number): readonly number[];
  /** The integers of a constant input; undefined where it is left out. */
  integers(index: number): readonly number[] | undefined;
  /** Whether the gradient of the input leads to a wanted one. */
  wants(index: number): boolean;
  /** Gradients of the outputs; undefined where the loss does not depend on one. */
  readonly gradients: readonly (Value | undefined)[];
}

/**
 * The vector-Jacobian product of an operator: from the gradients of its outputs to those of its inputs, in their
 * order; undefined for inputs that are not wanted.
 */
export type Vjp = (node: BackwardNode) => readonly (Value | undefined)[];

/** The gradient of a node's only output. */
export function outputGradient(node: BackwardNode): Value {
  const [gradient] = node.gradients;
  if (gradient === undefined) throw new RangeError(`${node.operator} has no gradient`);
  return gradient;
}

/** The axis counted from the start. */
export function axisOf(node: BackwardNode, axis: number): number {
  const rank = node.shape(0).length;
  return axis < 0 ? axis + rank : axis;
}

/** The sum of `value` over the axes, which stay with length 1. */
export function sumOver(graph: GraphBuilder, value: Value, axes: readonly number[]): Value {
  return graph.op('ReduceSum', [value, graph.integers(axes)], { keepdims: 1 });
}

/** The mean of `value` over the axes, which stay with length 1. */
export function meanOver(graph: GraphBuilder, value: Value, axes: readonly number[]): Value {
  return graph.op('ReduceMean', [value, graph.integers(axes)], { keepdims: 1 });
}

/** A gradient of what was broadcast, summed to the shape that it was broadcast from. */
export function unbroadcast(graph: GraphBuilder, gradient: Value, shape: readonly number[]): Value {
  const from = staticShape(gradient);
  const extra = from.length - shape.length;
  const axes = from.flatMap((size, i) => (i < extra || (size !== 1 && shape[i - extra] === 1) ? [i] : []));
  const summed = axes.length === 0 ? gradient : sumOver(graph, gradient, axes);
  if (elementCount(staticShape(summed)) !== elementCount(shape)) {
    throw new RangeError(`a gradient of [${from.join(', ')}] does not belong to [${shape.join(', ')}]`);
  }
  return extra === 0 ? summed : graph.reshape(summed, shape);
}
