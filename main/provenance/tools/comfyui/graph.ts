import { isRecord, type JsonRecord, parseJson, toNumber, toText, toWhole } from '../../json-fields.ts';

/** A node of ComfyUI's API format; inputs are values or `[node, output]`. */
export interface ComfyNode {
  readonly id: string;
  readonly type: string;
  readonly inputs: JsonRecord;
}

/** Where an input comes from. */
export interface Link {
  readonly node: ComfyNode;
  readonly output: number;
}

/** Most nodes that are looked at; a walk never goes on for longer than this, however a graph is knotted. */
const MAX_NODES = 4000;
/** Inputs under which nodes that hold one value keep it. */
const VALUE_INPUTS = [
  'value',
  'seed',
  'noise_seed',
  'int',
  'float',
  'number',
  'text',
  'string',
  'Text',
  'Value',
];

/** Inputs of nodes that join texts: `string_a`, `text_b`, `text1`, `prompt2` … */
const PART = /^(?:text|string|str|prompt)_?(?:[a-h]|\d{1,2})$/i;
/** Inputs of nodes that hand a text on. */
const PASSED = ['text', 'string', 'value', 'input', 'any', 'prompt'] as const;
/** How deep joined texts may be nested. */
const MAX_JOINS = 50;

/** A graph in ComfyUI's API format, and which of its nodes were understood. */
export class ComfyGraph {
  readonly nodes: ReadonlyMap<string, ComfyNode>;
  readonly #understood = new Set<string>();

  constructor(nodes: readonly ComfyNode[]) {
    this.nodes = new Map(nodes.slice(0, MAX_NODES).map((node) => [node.id, node]));
  }

  /** Marks a node as one that the settings speak of. */
  understand(node: ComfyNode): void {
    this.#understood.add(node.id);
  }

  /** Nodes that nothing was read from. */
  rest(): ComfyNode[] {
    return [...this.nodes.values()].filter(({ id }) => !this.#understood.has(id));
  }

  /** What one of these inputs is connected to, or null where it is a value or nothing. */
  link(node: ComfyNode, ...names: readonly string[]): Link | null {
    for (const name of names) {
      const value = node.inputs[name];
      if (!Array.isArray(value) || value.length !== 2) continue;
      const source = this.nodes.get(String(value[0]));
      if (source) return { node: source, output: toWhole(value[1]) ?? 0 };
    }
    return null;
  }

  /** The value of an input, also of one that another node holds. */
  value(node: ComfyNode, name: string): unknown {
    let at: ComfyNode | null = node;
    let wanted: readonly string[] = [name];
    for (let hops = 0; at !== null && hops < MAX_NODES; hops++) {
      const { inputs }: ComfyNode = at;
      const found = wanted.find((each) => inputs[each] !== undefined && !Array.isArray(inputs[each]));
      if (at !== node) this.understand(at);
      if (found !== undefined) return inputs[found];
      at = this.link(at, ...wanted, 'input', 'any')?.node ?? null;
      wanted = VALUE_INPUTS;
    }
    return undefined;
  }

  number(node: ComfyNode, name: string): number | null {
    return toNumber(this.value(node, name));
  }

  whole(node: ComfyNode, name: string): number | null {
    return toWhole(this.value(node, name));
  }

  text(node: ComfyNode, name: string): string | null {
    return toText(this.value(node, name)) ?? this.#joined(node, name, 0);
  }

  /** The text of an input that comes from a node which joins several. */
  #joined(node: ComfyNode, name: string, depth: number): string | null {
    const from = this.link(node, name)?.node;
    if (from === undefined || depth > MAX_JOINS) return null;
    const parts = Object.keys(from.inputs)
      .filter((input) => PART.test(input))
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((input) => toText(this.value(from, input)) ?? this.#joined(from, input, depth + 1))
      .filter((part) => part !== null);
    if (parts.length > 0) this.understand(from);
    // A node that only shows a text, or passes it on.
    const passed = PASSED.map((input) => this.#joined(from, input, depth + 1)).find((part) => part !== null);
    if (parts.length === 0) return passed ?? null;
    const between = ['delimiter', 'separator'].map((input) => this.value(from, input));
    const separator = between.find((value) => typeof value === 'string');
    return parts.join(separator === undefined ? ', ' : separator.replaceAll('\\n', '\n'));
  }

  /** Nodes from one upstream along the first of these inputs that is connected, that one first. */
  *chain(start: ComfyNode | null, ...names: readonly string[]): Generator<ComfyNode> {
    const seen = new Set<string>();
    for (let node = start; node !== null && !seen.has(node.id);) {
      seen.add(node.id);
      yield node;
      node = this.link(node, ...names)?.node ?? null;
    }
  }
}

/** The graph of ComfyUI's `prompt`; null for text that is none. */
export function parsePromptGraph(text: string): ComfyGraph | null {
  const json = parseJson(text);
  if (!isRecord(json)) return null;
  const nodes = Object.entries(json).flatMap(([id, node]) =>
    isRecord(node) && typeof node['class_type'] === 'string' && isRecord(node['inputs'])
      ? [{ id, type: node['class_type'], inputs: node['inputs'] }]
      : [],
  );
  return nodes.length === 0 ? null : new ComfyGraph(nodes);
}
