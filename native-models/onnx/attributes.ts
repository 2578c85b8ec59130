import { create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as Kind,
  type AttributeProto,
} from './schema/onnx_pb.js';

/** A node's attribute: whole numbers are written as INT; a float is marked so, since 1.0 and 1 are one in JavaScript. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** A node's attributes by ONNX name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The protobuf form of an attribute. */
export function encodeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: value.map(BigInt) });
}

/** The integer attribute `name`, or `fallback` where the node does not have it. */
export function integerAttribute(attributes: Attributes, name: string, fallback: number): number {
  const value = attributes[name];
  if (value === undefined) return fallback;
  if (typeof value !== 'number') throw new TypeError(`attribute ${name} is not an integer`);
  return value;
}

/** The integer list `name`, or `fallback` where the node does not have it. */
export function integersAttribute(
  attributes: Attributes,
  name: string,
  fallback: readonly number[],
): readonly number[] {
  const value = attributes[name];
  if (value === undefined) return fallback;
  if (!Array.isArray(value)) throw new TypeError(`attribute ${name} is not a list of integers`);
  return value;
}

/** The plain form of a node's attributes; kinds that builders here do not write are left out. */
export function decodeAttributes(protos: readonly AttributeProto[]): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const proto of protos) {
    if (proto.type === Kind.INT) attributes[proto.name] = Number(proto.i);
    else if (proto.type === Kind.FLOAT) attributes[proto.name] = { float: proto.f };
    else if (proto.type === Kind.STRING) attributes[proto.name] = new TextDecoder().decode(proto.s);
    else if (proto.type === Kind.INTS) attributes[proto.name] = proto.ints.map(Number);
  }
  return attributes;
}
