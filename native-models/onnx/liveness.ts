import { decodeModel, type Graph, type GraphNode } from './decode-model.ts';
import { elementSize } from './element-type.ts';
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
 * Values are taken in the order of the model's nodes; a view (Reshape) shares its input's memory, some nodes write over
 * an input that nothing else needs, and a value takes a block that was left by one of its shape.
 */
export function predictMemory(modelBytes: Uint8Array, options: MemoryOptions = {}): MemoryPrediction {
  return predictGraphMemory(decodeModel(modelBytes), options);
}

/** The same of a graph whose values are known, such as another program's. */
export function predictGraphMemory(graph: Graph, options: MemoryOptions = {}): MemoryPrediction {
  const { folded = false, rank = 1 } = options;
  const bytes = (value: Value): number => byteLength(value, rank);
  const prepared = preparedWeights(graph);
  const order = executionOrder(graph, prepared);
  const memory = new Memory(order, graph);

  let resident = 0;
  order.forEach((node, at) => {
    const weight = node.outputs.every((value) => prepared.has(value.name));
    const [first] = node.inputs;
    for (const output of node.outputs) {
      // A transposed weight is read as it is by the matrix product that it is fused with.
      const isView = views.has(node.operator) || (weight && node.operator === 'Transpose');
      if (folded && weight) resident += isView ? 0 : bytes(output);
      else if (isView && first !== undefined) memory.share(first, output);
      else if (isFusedGate(node, memory)) continue;
      else if (!overwriting.has(node.operator) || !memory.overwrite(node.inputs, output)) {
        memory.take(output, bytes(output), at);
      }
    }
    for (const value of node.inputs) if (value !== undefined) memory.used(value, at);
  });
  const peak = memory.peak((at) => (order[at] === undefined ? 0 : workSpace(order[at])));
  const sum = (values: readonly Value[]): number => values.reduce((total, value) => total + bytes(value), 0);
  return {
    mappedWeights: sum(graph.initializers.filter((value) => graph.external.has(value.name))),
    residentWeights: resident,
    peakActivations: peak.bytes,
    peakNode: order[peak.at]?.name ?? '',
    boundary: sum(graph.inputs) + sum(graph.outputs),
  };
}

const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity']);
/** Operators whose CPU kernels write over their input; measured with ONNX Runtime 1.30, arithmetic is not of them. */
const overwriting = new Set(['Sigmoid', 'Tanh', 'Relu', 'Softmax']);

/** A piece of memory from the first value that lies in it to the last use of the last one. */
interface Block {
  readonly bytes: number;
  /** Shape and element size of its values; undefined where the shape is known at run time only. */
  readonly kind: string | undefined;
  readonly from: number;
  to: number;
  /** Uses of its values that are still to come. */
  uses: number;
}

/**
 * Blocks of memory during a run. As ONNX Runtime's allocation planner has it, a block whose values have had their last
 * use is given to the next value of just its shape, and is held all the time between the two.
 */
class Memory {
  readonly #steps: number;
  readonly #users = new Map<string, GraphNode[]>();
  readonly #uses = new Map<string, number>();
  readonly #block = new Map<string, Block>();
  readonly #blocks: Block[] = [];
  /** The block that was freed last comes first. */
  readonly #free = new Map<string, Block[]>();

  constructor(order: readonly GraphNode[], graph: Graph) {
    this.#steps = order.length;
    const used = [...order.flatMap((node) => node.inputs), ...graph.outputs];
    for (const value of used) {
      if (value !== undefined) this.#uses.set(value.name, (this.#uses.get(value.name) ?? 0) + 1);
    }
    for (const node of order) {
      for (const value of node.inputs) {
        if (value !== undefined) this.#users.set(value.name, [...(this.#users.get(value.name) ?? []), node]);
      }
    }
  }

  /** The nodes that read a value. */
  usersOf(value: Value): readonly GraphNode[] {
    return this.#users.get(value.name) ?? [];
  }

  /** Finds a block for a value that is made at a step. */
  take(value: Value, bytes: number, at: number): void {
    const fixed = value.shape.every((dimension) => typeof dimension === 'number');
    const kind = fixed ? `${value.shape.join('x')} ${elementSize(value.dtype)}` : undefined;
    const free = kind === undefined ? undefined : this.#free.get(kind)?.pop();
    const uses = this.#uses.get(value.name) ?? 0;
    const block = free ?? { bytes, kind, from: at, to: at, uses: 0 };
    if (free === undefined) this.#blocks.push(block);
    block.uses = uses;
    block.to = at;
    this.#block.set(value.name, block);
  }

  /** Lets a value lie in the block of another; given values and weights have none. */
  share(of: Value, value: Value): void {
    const block = this.#block.get(of.name);
    if (block === undefined) return;
    this.#block.set(value.name, block);
    block.uses += this.#uses.get(value.name) ?? 0;
  }

  /** Lets a value take the place of an input of its size that has no other use, if there is one. */
  overwrite(inputs: GraphNode['inputs'], value: Value): boolean {
    const free = inputs.find((input) => {
      if (input === undefined || this.#block.get(input.name)?.uses !== 1) return false;
      return input.dtype === value.dtype && elementCount(input.shape) === elementCount(value.shape);
    });
    if (free !== undefined) this.share(free, value);
    return free !== undefined;
  }

  /** Counts one use of a value; after the last its block is free for another. */
  used(value: Value, at: number): void {
    const block = this.#block.get(value.name);
    if (block === undefined) return;
    block.to = at;
    if (--block.uses > 0 || block.kind === undefined) return;
    this.#free.set(block.kind, [...(this.#free.get(block.kind) ?? []), block]);
  }

  /** The most that blocks and a step's own work space take together, and the step. */
  peak(workSpaceAt: (step: number) => number): { readonly bytes: number; readonly at: number } {
    const change = new Float64Array(this.#steps + 1);
    for (const { bytes, from, to, uses } of this.#blocks) {
      change[from] = (change[from] ?? 0) + bytes;
      // Outputs of the graph have a use that never comes.
      const end = uses > 0 ? this.#steps : to + 1;
      change[end] = (change[end] ?? 0) - bytes;
    }
    let [live, most, at] = [0, 0, 0];
    for (let step = 0; step < this.#steps; step++) {
      live += change[step] ?? 0;
      const now = live + workSpaceAt(step);
      if (now > most) [most, at] = [now, step];
    }
    return { bytes: most, at };
  }
}

/** x·σ(x) is one operation for the runtime (its QuickGelu), so that σ(x) is never a value of its own. */
function isFusedGate(node: GraphNode, memory: Memory): boolean {
  const [x] = node.inputs;
  const [gate] = node.outputs;
  if (node.operator !== 'Sigmoid' || x === undefined || gate === undefined) return false;
  const [user, ...others] = memory.usersOf(gate);
  return (
    others.length === 0 && user?.operator === 'Mul' && user.inputs.some((input) => input?.name === x.name)
  );
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
