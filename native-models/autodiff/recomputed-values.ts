import type { GraphNode } from '../onnx/decode-model.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Value } from '../onnx/value.ts';

/** A run of nodes, by their place in the graph, whose values are not kept: from `from` up to but without `to`. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/**
 * Values of the way there as the way back reads them: kept ones as they are; what lies inside a segment, and what is prepared from
 * weights, computed again.
 */
export class RecomputedValues {
  readonly #graph: GraphBuilder;
  readonly #maker = new Map<string, { readonly node: GraphNode; readonly at: number }>();
  readonly #segments: readonly Segment[];
  /** By segment: what was computed again, by the name of the first. */
  readonly #again = new Map<Segment, Map<string, Value>>();
  /** By segment: a zero that is there only once the gradient is. */
  readonly #gates = new Map<Segment, Value>();

  /** @param nodes the way there */
  constructor(graph: GraphBuilder, nodes: readonly GraphNode[], segments: readonly Segment[]) {
    this.#graph = graph;
    this.#segments = segments;
    nodes.forEach((node, at) => {
      for (const output of node.outputs) this.#maker.set(output.name, { node, at });
    });
  }

  /** Tells that the way back has come to a node with this gradient: its segment is computed again after it. */
  enter(at: number, gradient: Value): void {
    const segment = this.#segmentAt(at);
    if (segment === undefined || this.#gates.has(segment)) return;
    const sum = this.#graph.op('ReduceSum', [gradient], { keepdims: 0 });
    this.#gates.set(segment, this.#graph.op('Mul', [sum, this.#graph.floats([0])]));
  }

  /** A value as the node at `at` reads it on the way back. */
  read(value: Value, at: number): Value {
    if (this.#graph.isConstant(value)) return this.#prepareAgain(value, new Map());
    const segment = this.#segmentAt(at);
    return segment === undefined ? value : this.#within(segment, value, false);
  }

  #segmentAt(at: number): Segment | undefined {
    return this.#segments.find(({ from, to }) => at >= from && at < to);
  }

  /** A value computed again inside a segment; those that come from outside pass its gate where another node reads them. */
  #within(segment: Segment, value: Value, gated: boolean): Value {
    if (this.#graph.isConstant(value)) return this.#prepareAgain(value, new Map());
    const again = this.#again.get(segment) ?? new Map<string, Value>();
    this.#again.set(segment, again);
    const maker = this.#maker.get(value.name);
    if (maker === undefined || maker.at < segment.from || maker.at >= segment.to) {
      const gate = this.#gates.get(segment);
      if (!gated || gate === undefined || value.dtype !== 'float32') return value;
      const known = again.get(value.name) ?? this.#graph.op('Add', [value, gate]);
      again.set(value.name, known);
      return known;
    }
    const known = again.get(value.name);
    if (known !== undefined) return known;
    const inputs = maker.node.inputs.map((input) => input && this.#within(segment, input, true));
    const made = this.#graph.ops(maker.node.operator, inputs, maker.node.attributes);
    maker.node.outputs.forEach((output, i) => {
      const own = made[i];
      if (own !== undefined) again.set(output.name, own);
    });
    return again.get(value.name) ?? value;
  }

  #prepareAgain(value: Value, done: Map<string, Value>): Value {
    const maker = this.#maker.get(value.name);
    const known = done.get(value.name);
    if (known !== undefined || maker === undefined) return known ?? value;
    const inputs = maker.node.inputs.map((input) => input && this.#prepareAgain(input, done));
    const made = this.#graph.ops(maker.node.operator, inputs, maker.node.attributes);
    maker.node.outputs.forEach((output, i) => {
      const own = made[i];
      if (own !== undefined) done.set(output.name, own);
    });
    return done.get(value.name) ?? value;
  }
}
