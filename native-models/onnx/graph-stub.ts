import { open } from 'node:fs/promises';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Graph, GraphNode } from './decode-model.ts';
import { elementTypeOf, onnxDataType } from './element-type.ts';
import type { GraphFile } from './graph-file.ts';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type TensorProto,
  ValueInfoProtoSchema,
  type ValueInfoProto,
} from './schema/onnx_pb.js';
import type { TensorType, Value } from './value.ts';
import { type WireField, WireReader } from './wire-reader.ts';

/** A graph of another program's without its weights, for one size of its inputs. */
export interface GraphStub {
  /** A serialised ModelProto: its weights are inputs, and every value is an output whose shape is left to the runtime. */
  readonly modelBytes: Uint8Array;
  readonly nodes: readonly NodeProto[];
  /** What a run is given. */
  readonly inputs: readonly Value[];
  /** Weights, and constants that the graph keeps in itself. */
  readonly initializers: readonly Value[];
  readonly outputs: readonly string[];
}

const MODEL = { irVersion: 1, graph: 7, opset: 8 } as const;
const GRAPH = { node: 1, initializer: 5 } as const;

/** Constants up to this many bytes are kept: shapes are computed from them. */
const keptBytes = 4096;
/** Largest node; those of real graphs have a few hundred bytes, those with a mask inside some megabytes. */
const maxNodeBytes = 64 * 2 ** 20;

/**
 * Reads a graph without its weights.
 *
 * @param sizes wanted shapes of inputs; dimensions that the graph fixes stay, those of one name are of one size, others are 1
 * @throws {RangeError} where the file is no protobuf message, {TypeError} for element types that are not known
 */
export async function readGraphStub(
  graph: GraphFile,
  sizes: Readonly<Record<string, readonly number[]>>,
): Promise<GraphStub> {
  const handle = await open(graph.file, 'r');
  try {
    const reader = new WireReader(handle, (await handle.stat()).size);
    const inputs = sizedInputs(graph, sizes);
    const model = create(ModelProtoSchema, { irVersion: 10n, graph: { name: 'stub' } });
    const nodes: NodeProto[] = [];
    const tensors: TensorProto[] = [];
    for await (const field of reader.fields(0, reader.size)) {
      if (field.number === MODEL.opset) {
        const bytes = await reader.bytes(field.begin, field.end, keptBytes);
        model.opsetImport.push(fromBinary(OperatorSetIdProtoSchema, bytes));
      } else if (field.number === MODEL.graph) {
        for await (const part of reader.fields(field.begin, field.end)) {
          if (part.number === GRAPH.node) {
            nodes.push(fromBinary(NodeProtoSchema, await reader.bytes(part.begin, part.end, maxNodeBytes)));
          } else if (part.number === GRAPH.initializer) tensors.push(await lightTensor(reader, part));
        }
      }
    }
    const kept = tensors.filter((tensor) => !isLeftOut(tensor));
    const weights = tensors.filter(isLeftOut).map(valueOf);
    const made = nodes.flatMap((node) => node.output).filter((name) => name !== '');
    const body = model.graph;
    if (body === undefined) throw new TypeError('the stub has no graph');
    body.node = nodes;
    body.initializer = kept;
    body.input = [...inputs, ...weights].map(declared);
    body.output = made.map((name) => create(ValueInfoProtoSchema, { name }));
    const modelBytes = toBinary(ModelProtoSchema, model);
    const initializers = [...kept.map(valueOf), ...weights];
    return { modelBytes, nodes, inputs, initializers, outputs: [...graph.outputs.keys()] };
  } finally {
    await handle.close();
  }
}

/**
 * The graph of a stub, with the types that the runtime found for its values.
 *
 * @returns undefined where a value's size is known at run time only
 */
export function graphOfStub(stub: GraphStub, types: ReadonlyMap<string, TensorType>): Graph | undefined {
  const values = new Map([...stub.inputs, ...stub.initializers].map((value) => [value.name, value]));
  let complete = true;
  const valueNamed = (name: string): Value => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const type = types.get(name);
    if (type === undefined || type.shape.some((n) => typeof n !== 'number' || n < 0)) complete = false;
    const value = { name, dtype: type?.dtype ?? 'float32', shape: type?.shape ?? [] } as const;
    values.set(name, value);
    return value;
  };
  const nodes = stub.nodes.map((node): GraphNode => {
    const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const heads = node.attribute.find(({ name }) => name === 'num_heads');
    return {
      operator,
      name: node.name,
      attributes: heads === undefined ? {} : { num_heads: Number(heads.i) },
      inputs: node.input.map((name) => (name === '' ? undefined : valueNamed(name))),
      outputs: node.output.filter((name) => name !== '').map(valueNamed),
    };
  });
  const outputs = stub.outputs.map(valueNamed);
  if (!complete) return undefined;
  return { nodes, inputs: stub.inputs, outputs, initializers: stub.initializers, external: new Set() };
}

function sizedInputs(graph: GraphFile, sizes: Readonly<Record<string, readonly number[]>>): Value[] {
  const named = new Map<string, number>();
  for (const [name, { shape }] of graph.inputs) {
    shape.forEach((dimension, axis) => {
      const size = sizes[name]?.[axis];
      if (typeof dimension === 'string' && size !== undefined && !named.has(dimension))
        named.set(dimension, size);
    });
  }
  return [...graph.inputs].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape: shape.map((dimension, axis) =>
      typeof dimension === 'number' ? dimension : (sizes[name]?.[axis] ?? named.get(dimension) ?? 1),
    ),
  }));
}

/** A tensor without elements that are many; `isLeftOut` tells such a one. */
async function lightTensor(reader: WireReader, { begin, end }: WireField): Promise<TensorProto> {
  if (end - begin <= keptBytes)
    return fromBinary(TensorProtoSchema, await reader.bytes(begin, end, keptBytes));
  const parts: Uint8Array[] = [];
  for await (const field of reader.fields(begin, end)) {
    if (field.end - field.begin > keptBytes) continue;
    const content = await reader.bytes(field.begin, field.end, keptBytes);
    const tag = varint(field.number * 8 + field.wireType);
    parts.push(tag, ...(field.wireType === 2 ? [varint(content.length)] : []), content);
  }
  return fromBinary(TensorProtoSchema, Buffer.concat(parts));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}

function isLeftOut(tensor: TensorProto): boolean {
  const { rawData, floatData, int64Data, int32Data, doubleData, dims } = tensor;
  const held = [rawData, floatData, int64Data, int32Data, doubleData].some(({ length }) => length > 0);
  const external = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
  return external || (!held && dims.every((n) => n !== 0n));
}

function valueOf(tensor: TensorProto): Value {
  const dtype = elementTypeOf(tensor.dataType);
  if (dtype === undefined) throw new TypeError(`${tensor.name} has element type ${tensor.dataType}`);
  return { name: tensor.name, dtype, shape: tensor.dims.map(Number) };
}

function declared({ name, dtype, shape }: TensorType & { readonly name: string }): ValueInfoProto {
  const dim = shape.map((n) => ({ value: { case: 'dimValue' as const, value: BigInt(n) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: onnxDataType(dtype), shape: { dim } } } },
  });
}
