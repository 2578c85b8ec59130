import type { GraphNode } from '../onnx/decode-model.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { BackwardNode, Vjp } from './backward-node.ts';
import { RecomputedValues, type Segment } from './recomputed-values.ts';
import { elementwiseVjps } from './vjp/elementwise.ts';
import { layoutVjps } from './vjp/layout.ts';
import { neuralVjps } from './vjp/neural.ts';

const rules: ReadonlyMap<string, Vjp> = new Map(
  [elementwiseVjps, layoutVjps, neuralVjps].flatMap((topic) => Object.entries(topic)),
);

/** A value that the loss depends on, and its gradient, of the same shape. */
export interface Gradient {
  readonly of: Value;
  readonly gradient: Value;
}

/**
 * Writes the gradients of a loss behind the graph that computes it (reverse-mode differentiation). Every shape must be
 * fixed, and what lies on the way float32.
 *
 * @param loss float32, one element.
 * @param wanted graph inputs, or values, whose gradients are wanted.
 * @param segments what is computed again on the way back in place of being kept; see `chooseSegments`.
 * @throws {RangeError} when an operator on the way has no rule, or the loss does not depend on a wanted value.
 */
export function differentiate(
  graph: GraphBuilder,
  loss: Value,
  wanted: readonly Value[],
  segments: readonly Segment[] = [],
): Gradient[] {
  const nodes = [...graph.nodes];
  const leading = leadingFrom(nodes, wanted);
  const values = new RecomputedValues(graph, nodes, segments);
  const parts = new Map<string, Value[]>([[loss.name, [graph.floats([1], staticShape(loss))]]]);
  const summed = ({ name }: Value): Value | undefined => {
    const [first, ...others] = parts.get(name) ?? [];
    if (first === undefined) return undefined;
    const total = others.reduce((sum, part) => graph.op('Add', [sum, part]), first);
    parts.set(name, [total]);
    return total;
  };
  nodes.toReversed().forEach((node, fromEnd) => {
    const at = nodes.length - 1 - fromEnd;
    if (!node.outputs.some(({ name }) => leading.has(name) && parts.has(name))) return;
    const gradients = node.outputs.map(summed);
    const [first] = gradients.flatMap((gradient) => gradient ?? []);
    if (first !== undefined) values.enter(at, first);
    const given = graph.scope(`back/${node.name}`, () =>
      ruleOf(node)(backwardNode(graph, node, at, gradients, values, leading)),
    );
    node.inputs.forEach((input, i) => {
      const part = given[i];
      if (input === undefined || part === undefined || !leading.has(input.name)) return;
      parts.set(input.name, [...(parts.get(input.name) ?? []), part]);
    });
  });
  return wanted.map((value) => {
    const gradient = summed(value);
    if (gradient === undefined) throw new RangeError(`the loss does not depend on ${value.name}`);
    return { of: value, gradient };
  });
}

/** Names of the wanted values and of all that depends on them. */
function leadingFrom(nodes: readonly GraphNode[], wanted: readonly Value[]): ReadonlySet<string> {
  const leading = new Set(wanted.map(({ name }) => name));
  for (const node of nodes) {
    if (!node.inputs.some((input) => input !== undefined && leading.has(input.name))) continue;
    for (const output of node.outputs) leading.add(output.name);
  }
  return leading;
}

function ruleOf(node: GraphNode): Vjp {
  const rule = rules.get(node.operator);
  if (rule === undefined) throw new RangeError(`${node.operator} (${node.name}) has no derivative here`);
  return rule;
}

function backwardNode(
  graph: GraphBuilder,
  node: GraphNode,
  at: number,
  gradients: readonly (Value | undefined)[],
  values: RecomputedValues,
  leading: ReadonlySet<string>,
): BackwardNode {
  const inputAt = (index: number): Value => {
    const value = node.inputs[index];
    if (value === undefined) throw new RangeError(`${node.name} has no input ${index}`);
    return value;
  };
  return {
    graph,
    operator: node.operator,
    attributes: node.attributes,
    inputCount: node.inputs.length,
    gradients,
    input: (index) => values.read(inputAt(index), at),
    output(index) {
      const value = node.outputs[index];
      if (value === undefined) throw new RangeError(`${node.name} has no output ${index}`);
      return values.read(value, at);
    },
    shape: (index) => staticShape(inputAt(index)),
    integers: (index) => node.inputs[index]?.integers,
    wants: (index) => leading.has(node.inputs[index]?.name ?? ''),
  };
}
