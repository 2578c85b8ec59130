import { decodeModel, type Graph, type GraphNode } from './decode-model.ts';
import { byteLength, elementCount, staticShape, type Value } from './value.ts';

/** What a run of a model takes in memory, in bytes. */
export interface MemoryPrediction {
  /** Weights in the user's files: pages that the operating system maps and can drop. */
  readonly mappedWeights: number;
  /** Weights that were prepared once and stay (casts and transpositions, where the session folds them). */
  readonly residentWeights: number;
  /** The most that intermediate values take at one moment, work space of the node and weights in preparation included. */
  readonly peakActivations: number;
  /** The node that runs at that moment. */
  readonly peakNode: string;
  /** Inputs and outputs, which caller and runtime both hold. */
  readonly boundary: number;
}

/** How a session will run the model. */
export interface MemoryOptions {
  /** Whether the session folds what depends on weights alone when it is made (ONNX Runtime's ConstantFolding). */
  readonly folded?: boolean;
  /** What a run-time dimension, an adapter's rank, will be. */
  readonly rank?: number;
}

/**
 * Predicts a model's memory from when each value is made and last used, before anything runs.
 *
 * Values are taken in the order of the model's nodes; a view (Reshape) shares its input's memory, and some nodes
 * write over an input that nothing else needs, as ONNX Runtime's allocation planner has it.
 */
export function predictMemory(modelBytes: Uint8Array, options: MemoryOptions = {}): MemoryPrediction {
  const graph = decodeModel(modelBytes);
  const { folded = false, rank = 1 } = options;
  const bytes = (value: Value): number => byteLength(value, rank);
  const prepared = preparedWeights(graph);
  const order = executionOrder(graph, prepared);
  const memory = new Memory(order, graph);

  let resident = 0;
  let peak = { bytes: 0, node: '' };
  for (const node of order) {
    const weight = node.outputs.every((value) => prepared.has(value.name));
    const [first] = node.inputs;
    for (const output of node.outputs) {
      // A transposed weight is read as it is by the matrix product that it is fused with.
      const isView = views.has(node.operator) || (weight && node.operator === 'Transpose');
      if (folded && weight) resident += isView ? 0 : bytes(output);
      else if (isView && first !== undefined) memory.share(first, output);
      else if (!overwriting.has(node.operator) || !memory.overwrite(node.inputs, output)) {
        memory.take(output, bytes(output));
      }
    }
    const now = memory.live + workSpace(node);
    if (now > peak.bytes) peak = { bytes: now, node: node.name };
    for (const value of node.inputs) if (value !== undefined) memory.used(value);
  }
  const sum = (values: readonly Value[]): number => values.reduce((total, value) => total + bytes(value), 0);
  return {
    mappedWeights: sum(graph.initializers.filter((value) => graph.external.has(value.name))),
    residentWeights: resident,
    peakActivations: peak.bytes,
    peakNode: peak.node,
    boundary: sum(graph.inputs) + sum(graph.outputs),
  };
}

const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity']);
/** Operators whose CPU kernels write over their input; measured with ONNX Runtime 1.30, arithmetic is not of them. */
const overwriting = new Set(['Sigmoid', 'Tanh', 'Relu', 'Softmax']);

/** Blocks of memory during a run, each held until the last use of the values that lie in it. */
class Memory {
  live = 0;
  readonly #uses = new Map<string, number>();
  readonly #block = new Map<string, string>();
  readonly #left = new Map<string, { bytes: number; uses: number }>();

  constructor(order: readonly GraphNode[], graph: Graph) {
    const used = [...order.flatMap((node) => node.inputs), ...graph.outputs];
    for (const value of used) {
      if (value !== undefined) this.#uses.set(value.name, (this.#uses.get(value.name) ?? 0) + 1);
    }
  }

  /** Takes a new block for a value. */
  take(value: Value, bytes: number): void {
    this.#block.set(value.name, value.name);
    this.#left.set(value.name, { bytes, uses: this.#usesOf(value) });
    this.live += bytes;
  }

  /** Lets a value lie in the block of another; given values and weights have none. */
  share(of: Value, value: Value): void {
    const name = this.#block.get(of.name);
    const block = this.#left.get(name ?? '');
    if (name === undefined || block === undefined) return;
    this.#block.set(value.name, name);
    block.uses += this.#usesOf(value);
  }

  /** Lets a value take the place of an input of its size that has no other use, if there is one. */
  overwrite(inputs: GraphNode['inputs'], value: Value): boolean {
    const free = inputs.find((input) => {
      if (input === undefined || this.#left.get(this.#block.get(input.name) ?? '')?.uses !== 1) return false;
      return input.dtype === value.dtype && elementCount(input.shape) === elementCount(value.shape);
    });
    if (free !== undefined) this.share(free, value);
    return free !== undefined;
  }

  /** Counts one use of a value; after the last its block is free. */
  used(value: Value): void {
    const name = this.#block.get(value.name) ?? '';
    const block = this.#left.get(name);
    if (block === undefined || --block.uses > 0) return;
    this.live -= block.bytes;
    this.#left.delete(name);
  }

  #usesOf(value: Value): number {
    return this.#uses.get(value.name) ?? 0;
  }
}

/** Names of values that depend on weights alone. */
function preparedWeights(graph: Graph): ReadonlySet<string> {
  const known = new Set(graph.initializers.map((value) => value.name));
  const prepared = new Set<string>();
  for (const node of graph.nodes) {
    if (!node.inputs.every((value) => value === undefined || known.has(value.name))) continue;
    for (const output of node.outputs) {
      known.add(output.name);
      prepared.add(output.name);
    }
  }
  return prepared;
}

/** The runtime prepares a weight just before its first use, though its node is listed first. */
function executionOrder(graph: Graph, prepared: ReadonlySet<string>): GraphNode[] {
  const makers = new Map<string, GraphNode>();
  const order: GraphNode[] = [];
  const done = new Set<GraphNode>();
  const place = (node: GraphNode): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const input of node.inputs) {
      const maker = makers.get(input?.name ?? '');
      if (maker !== undefined) place(maker);
    }
    order.push(node);
  };
  for (const node of graph.nodes) {
    if (node.outputs.some((value) => prepared.has(value.name))) {
      for (const output of node.outputs) makers.set(output.name, node);
    } else {
      place(node);
    }
  }
  return order;
}

/** Bytes that a CPU kernel takes for itself while it runs. */
function workSpace(node: GraphNode): number {
  if (node.operator !== 'com.microsoft.MultiHeadAttention') return 0;
  const [query, key, value] = node.inputs;
  if (query === undefined || key === undefined || value === undefined) return 0;
  const copies = byteLength(query) * 2 + byteLength(key) + byteLength(value);
  const bias = node.inputs[5];
  if (bias === undefined) return copies;
  // Only without a mask is the kernel the one that never holds all scores (arXiv:2205.14135).
  const heads = Number(node.attributes['num_heads'] ?? 1);
  const [batch = 1, tokens = 1] = staticShape(query);
  const [, contextTokens = 1] = staticShape(key);
  return copies + batch * heads * tokens * contextTokens * 4;
}
