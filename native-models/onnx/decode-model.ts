import { fromBinary } from '@bufbuild/protobuf';
import { decodeAttributes, type Attributes } from './attributes.ts';
import { elementTypeOf, type ElementType } from './element-type.ts';
import { inferShapes } from './infer-shapes.ts';
import {
  ModelProtoSchema,
  TensorProto_DataLocation,
  type TensorProto,
  type ValueInfoProto,
} from './schema/onnx_pb.js';
import type { Value } from './value.ts';

/** A node of a graph that is known whole. */
export interface GraphNode {
  /** The ONNX name, with `com.microsoft.` before ONNX Runtime's own. */
  readonly operator: string;
  readonly name: string;
  readonly attributes: Attributes;
  /** Optional inputs that are left out are undefined. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
}

/** A graph with the type and shape of every value. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Constants and weights; those in `external` lie in files. */
  readonly initializers: readonly Value[];
  readonly external: ReadonlySet<string>;
}

/**
 * Parses a serialised model and infers the type and shape of every value.
 * @throws {ShapeError} for an operator that has no rule here, or inputs that do not fit one.
 */
export function decodeModel(bytes: Uint8Array): Graph {
  const proto = fromBinary(ModelProtoSchema, bytes).graph;
  if (proto === undefined) throw new TypeError('the model has no graph');
  const values = new Map<string, Value>();
  const add = (value: Value): Value => {
    values.set(value.name, value);
    return value;
  };
  const initializers = proto.initializer.map((tensor) => add(initializerValue(tensor)));
  const inputs = proto.input.map((info) => add(inputValue(info)));
  const known = (name: string): Value => {
    const value = values.get(name);
    if (value === undefined) throw new TypeError(`${name} is used before it is computed`);
    return value;
  };
  const nodes = proto.node.map((node): GraphNode => {
    const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const attributes = decodeAttributes(node.attribute);
    const given = node.input.map((name) => (name === '' ? undefined : known(name)));
    const types = inferShapes(operator, given, attributes);
    const outputs = node.output.map((name, i) =>
      add({ name, ...(types[i] ?? { dtype: 'float32', shape: [] }) }),
    );
    return { operator, name: node.name, attributes, inputs: given, outputs };
  });
  return {
    nodes,
    inputs,
    outputs: proto.output.map((info) => known(info.name)),
    initializers,
    external: new Set(proto.initializer.filter(isExternal).map((tensor) => tensor.name)),
  };
}

function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
}

function knownType(number: number): ElementType {
  const dtype = elementTypeOf(number);
  if (dtype === undefined) throw new TypeError(`element type ${number} is not used here`);
  return dtype;
}

function initializerValue(tensor: TensorProto): Value {
  const dtype = knownType(tensor.dataType);
  const type = { name: tensor.name, dtype, shape: tensor.dims.map(Number) };
  if (dtype !== 'int64' || isExternal(tensor)) return type;
  const { buffer, byteOffset, byteLength } = tensor.rawData.slice();
  return { ...type, integers: [...new BigInt64Array(buffer, byteOffset, byteLength / 8)].map(Number) };
}

function inputValue(info: ValueInfoProto): Value {
  const type = info.type?.value;
  if (type?.case !== 'tensorType') throw new TypeError(`${info.name} is no tensor`);
  const shape = (type.value.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : (value.value ?? '?'),
  );
  return { name: info.name, dtype: knownType(type.value.elemType), shape };
}
