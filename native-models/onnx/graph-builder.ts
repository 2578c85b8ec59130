import { create } from '@bufbuild/protobuf';
import { encodeAttribute, type Attributes } from './attributes.ts';
import { onnxDataType, type ElementType } from './element-type.ts';
import { encodeModel, type BuiltModel } from './encode-model.ts';
import type { ExternalTensor } from './external-tensor.ts';
import type { GraphNode } from './decode-model.ts';
import { inferShapes } from './infer-shapes.ts';
import { NodeProtoSchema, TensorProtoSchema, type NodeProto, type TensorProto } from './schema/onnx_pb.js';
import { byteLength, type Dimension, type Value } from './value.ts';

const contrib = 'com.microsoft';

/**
 * Writes an ONNX graph node by node. Each value's element type and shape are known as soon as it exists, so a
 * mistake throws where it is made and memory can be planned before anything runs.
 *
 * Names of nodes and values carry the scope they were made in, which is a module's name: profiles read well.
 */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  /** Nodes that depend on weights alone; see `build`. */
  readonly #weightNodes: NodeProto[] = [];
  readonly #written: GraphNode[] = [];
  readonly #constants = new Set<string>();
  readonly #initializers: TensorProto[] = [];
  readonly #external: ExternalTensor[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #values = new Map<string, Value>();
  readonly #shared = new Map<string, Value>();
  readonly #scope: string[] = [];
  #count = 0;

  /** Every node so far, in the order it was written: what another graph, such as its derivative, is made from. */
  get nodes(): readonly GraphNode[] {
    return this.#written;
  }

  /** The value of that name, if there is one. */
  find(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** Whether a value depends on weights and constants alone. */
  isConstant(value: Value): boolean {
    return this.#constants.has(value.name);
  }

  /** Runs `build` with `name` added to the names of everything that it makes. */
  scope<T>(name: string, build: () => T): T {
    this.#scope.push(name);
    try {
      return build();
    } finally {
      this.#scope.pop();
    }
  }

  /** A graph input that each run must be given. A dimension that is a string is free at run time. */
  input(name: string, dtype: ElementType, shape: readonly Dimension[]): Value {
    const value = this.#register({ name, dtype, shape });
    this.#inputs.push(value);
    return value;
  }

  /** Makes a value a graph output called `name`. */
  output(name: string, value: Value): Value {
    const named = this.#emit('Identity', [value], {}, [name]);
    this.#outputs.push(...named);
    return value;
  }

  /** Weights in a file of the user's, read from there by the runtime. Asked for twice, it is one initializer. */
  external(tensor: ExternalTensor): Value {
    const known = this.#values.get(tensor.name);
    if (known !== undefined) return known;
    this.#external.push(tensor);
    this.#constants.add(tensor.name);
    return this.#register({ name: tensor.name, dtype: tensor.dtype, shape: tensor.shape });
  }

  /** An integer list kept in the model; also what Reshape, Slice and the like take. */
  integers(elements: readonly number[], shape: readonly number[] = [elements.length]): Value {
    return this.#constant(`i64_${elements.join('_')}_${shape.join('x')}`, () => ({
      type: { dtype: 'int64', shape, integers: elements },
      bytes: new Uint8Array(BigInt64Array.from(elements, BigInt).buffer),
    }));
  }

  /** A float list kept in the model (small: masks, frequencies, epsilons). The shape defaults to a scalar. */
  floats(elements: readonly number[] | Float32Array, shape: readonly number[] = []): Value {
    const data = Float32Array.from(elements);
    const bytes = new Uint8Array(data.buffer);
    const key = data.length <= 8 ? `f32_${data.join('_')}_${shape.join('x')}` : undefined;
    return this.#constant(key, () => ({ type: { dtype: 'float32', shape }, bytes }));
  }

  /** A node with one output. `operator` is the ONNX name, with `com.microsoft.` before ONNX Runtime's own. */
  op(operator: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    const [value] = this.#emit(operator, inputs, attributes);
    if (value === undefined) throw new RangeError(`${operator} has no output`);
    return value;
  }

  /** A node with several outputs, such as Split. */
  ops(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
  ): readonly Value[] {
    return this.#emit(operator, inputs, attributes);
  }

  /** The value as `dtype`; itself where it has that type already. */
  cast(value: Value, dtype: ElementType): Value {
    return value.dtype === dtype ? value : this.op('Cast', [value], { to: onnxDataType(dtype) });
  }

  /** The value seen with another shape; one dimension may be -1. */
  reshape(value: Value, shape: readonly number[]): Value {
    return this.op('Reshape', [value, this.integers(shape)]);
  }

  /** The value with its axes in the order `perm`. */
  transpose(value: Value, perm: readonly number[]): Value {
    return this.op('Transpose', [value], { perm });
  }

  /** Values joined on an axis. */
  concat(values: readonly Value[], axis: number): Value {
    return this.op('Concat', values, { axis });
  }

  /**
   * The finished model. Nodes that prepare weights (casts, transpositions) come first in its list: of a node's inputs,
   * ONNX Runtime computes the one listed last first, so each is prepared when it is used and not all before.
   */
  build(name: string): BuiltModel {
    return encodeModel({
      name,
      nodes: [...this.#weightNodes, ...this.#nodes],
      initializers: this.#initializers,
      external: this.#external,
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  #emit(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputNames?: readonly string[],
  ): Value[] {
    const types = inferShapes(operator, inputs, attributes);
    const [domain, opType] = operator.startsWith(`${contrib}.`)
      ? [contrib, operator.slice(contrib.length + 1)]
      : ['', operator];
    const name = this.#uniqueName(opType);
    const outputs = types.map((type, i) => {
      const output = outputNames?.[i] ?? (types.length === 1 ? name : `${name}.${i}`);
      return this.#register({ name: output, ...type });
    });
    const constant = inputs.every((value) => value === undefined || this.#constants.has(value.name));
    if (constant) outputs.forEach((value) => this.#constants.add(value.name));
    this.#written.push({ operator, name, attributes, inputs, outputs });
    (constant ? this.#weightNodes : this.#nodes).push(
      create(NodeProtoSchema, {
        name,
        opType,
        domain,
        input: inputs.map((value) => value?.name ?? ''),
        output: outputs.map((value) => value.name),
        attribute: Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value)),
      }),
    );
    return outputs;
  }

  #constant(key: string | undefined, make: () => { type: Omit<Value, 'name'>; bytes: Uint8Array }): Value {
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const { type, bytes } = make();
    const value = this.#register({ name: `const_${this.#count++}`, ...type });
    if (bytes.byteLength !== byteLength(value)) {
      throw new RangeError(`${bytes.byteLength} bytes given for ${value.dtype}[${value.shape.join(', ')}]`);
    }
    this.#constants.add(value.name);
    this.#initializers.push(
      create(TensorProtoSchema, {
        name: value.name,
        dims: value.shape.map(BigInt),
        dataType: onnxDataType(value.dtype),
        rawData: bytes,
      }),
    );
    if (key !== undefined) this.#shared.set(key, value);
    return value;
  }

  #register(value: Value): Value {
    if (this.#values.has(value.name)) throw new RangeError(`two values are called ${value.name}`);
    this.#values.set(value.name, value);
    return value;
  }

  #uniqueName(operator: string): string {
    return [...this.#scope, `${operator}_${this.#count++}`].join('/');
  }
}
