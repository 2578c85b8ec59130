import type { GraphNode } from '../onnx/decode-model.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { byteLength } from '../onnx/value.ts';
import type { Segment } from './recomputed-values.ts';

/**
 * Cuts a graph into segments that each make about `bytes` of values, where the fewest bytes cross the cut (activation
 * checkpointing, arXiv:1604.06174). What lies behind the last cut is kept, as the way back begins with it.
 */
export function chooseSegments(graph: GraphBuilder, bytes: number): Segment[] {
  const { nodes } = graph;
  const made = nodes.map((node) => madeBytes(graph, node));
  const crossing = crossingBytes(graph, nodes);
  const segments: Segment[] = [];
  let from = 0;
  while (from < nodes.length) {
    let [total, cut] = [0, -1];
    for (let at = from; at < nodes.length && total < bytes * 1.5; at++) {
      total += made[at] ?? 0;
      const cheaper = cut < 0 || (crossing[at] ?? 0) <= (crossing[cut] ?? 0);
      if (total >= bytes / 2 && cheaper) cut = at;
    }
    if (cut < 0 || cut + 1 >= nodes.length) break;
    segments.push({ from, to: cut + 1 });
    from = cut + 1;
  }
  return segments;
}

/** Bytes that a node makes of what is not of weights alone. */
function madeBytes(graph: GraphBuilder, node: GraphNode): number {
  return node.outputs.reduce((sum, value) => sum + (graph.isConstant(value) ? 0 : byteLength(value)), 0);
}

/** Bytes that are made up to each node and read behind it. */
function crossingBytes(graph: GraphBuilder, nodes: readonly GraphNode[]): readonly number[] {
  const change = new Float64Array(nodes.length + 1);
  const lastUse = new Map<string, number>();
  nodes.forEach((node, at) => {
    for (const input of node.inputs) if (input !== undefined) lastUse.set(input.name, at);
  });
  nodes.forEach((node, at) => {
    for (const output of node.outputs) {
      const end = lastUse.get(output.name) ?? at;
      if (graph.isConstant(output)) continue;
      change[at] = (change[at] ?? 0) + byteLength(output);
      change[end] = (change[end] ?? 0) - byteLength(output);
    }
  });
  let live = 0;
  return Array.from(nodes, (_, at) => (live += change[at] ?? 0));
}
