import { integerAttribute, integersAttribute } from '../attributes.ts';
import { formatShape, type Dimension } from '../value.ts';
import {
  broadcast,
  constantIntegers,
  dimensionAt,
  fixed,
  normalAxis,
  required,
  ShapeError,
  type ShapeRule,
} from './rule.ts';

const matMul: ShapeRule = (inputs) => {
  const a = required(inputs, 0);
  const b = required(inputs, 1);
  if (
    a.shape.length < 2 ||
    b.shape.length < 2 ||
    dimensionAt(a, -1) !== dimensionAt(b, -2) ||
    a.dtype !== b.dtype
  ) {
    throw new ShapeError(`${a.dtype}${formatShape(a.shape)} times ${b.dtype}${formatShape(b.shape)}`);
  }
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [{ dtype: a.dtype, shape: [...batch, dimensionAt(a, -2), dimensionAt(b, -1)] }];
};

const gemm: ShapeRule = (inputs, attributes) => {
  const a = required(inputs, 0);
  const b = required(inputs, 1);
  const rows = dimensionAt(a, integerAttribute(attributes, 'transA', 0) === 0 ? 0 : 1);
  const columns = dimensionAt(b, integerAttribute(attributes, 'transB', 0) === 0 ? 1 : 0);
  return [{ dtype: a.dtype, shape: [rows, columns] }];
};

/** x·Wᵀ of weights in blocks of a few bits (ONNX Runtime's ContribOperators.md). */
const matMulNBits: ShapeRule = (inputs, attributes) => {
  const x = required(inputs, 0);
  const inner = integerAttribute(attributes, 'K', 0);
  const packed = required(inputs, 1);
  const block = integerAttribute(attributes, 'block_size', 0);
  const wanted = [
    integerAttribute(attributes, 'N', 0),
    Math.ceil(inner / block),
    (block * integerAttribute(attributes, 'bits', 4)) / 8,
  ];
  if (dimensionAt(x, -1) !== inner || formatShape(packed.shape) !== formatShape(wanted)) {
    throw new ShapeError(`${formatShape(x.shape)} times blocks of ${formatShape(packed.shape)}`);
  }
  return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), wanted[0] ?? 0] }];
};

const conv: ShapeRule = (inputs, attributes) => {
  const x = required(inputs, 0);
  const w = required(inputs, 1);
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.dtype !== w.dtype) {
    throw new ShapeError(`Conv of ${x.dtype}${formatShape(x.shape)} by ${w.dtype}${formatShape(w.shape)}`);
  }
  const groups = integerAttribute(attributes, 'group', 1);
  const channels = dimensionAt(x, 1);
  const filter = dimensionAt(w, 1);
  if (typeof channels === 'number' && typeof filter === 'number' && channels !== filter * groups) {
    throw new ShapeError(`Conv of ${formatShape(x.shape)} by ${formatShape(w.shape)} in ${groups} groups`);
  }
  const pads = integersAttribute(attributes, 'pads', [0, 0, 0, 0]);
  const strides = integersAttribute(attributes, 'strides', [1, 1]);
  const dilations = integersAttribute(attributes, 'dilations', [1, 1]);
  const along = (axis: number): number => {
    const padded = fixed(dimensionAt(x, axis)) + (pads[axis - 2] ?? 0) + (pads[axis] ?? 0);
    const reach = (fixed(dimensionAt(w, axis)) - 1) * (dilations[axis - 2] ?? 1) + 1;
    return Math.floor((padded - reach) / (strides[axis - 2] ?? 1)) + 1;
  };
  return [{ dtype: x.dtype, shape: [dimensionAt(x, 0), dimensionAt(w, 0), along(2), along(3)] }];
};

/** The transpose of a convolution of one group: x `[N, C, H, W]` by w `[C, O, kh, kw]`. */
const convTranspose: ShapeRule = (inputs, attributes) => {
  const x = required(inputs, 0);
  const w = required(inputs, 1);
  if (x.shape.length !== 4 || w.shape.length !== 4 || dimensionAt(x, 1) !== dimensionAt(w, 0)) {
    throw new ShapeError(`ConvTranspose of ${formatShape(x.shape)} by ${formatShape(w.shape)}`);
  }
  const pads = integersAttribute(attributes, 'pads', [0, 0, 0, 0]);
  const strides = integersAttribute(attributes, 'strides', [1, 1]);
  const added = integersAttribute(attributes, 'output_padding', [0, 0]);
  const along = (axis: number): number => {
    const spread = (fixed(dimensionAt(x, axis)) - 1) * (strides[axis - 2] ?? 1) + fixed(dimensionAt(w, axis));
    return spread + (added[axis - 2] ?? 0) - (pads[axis - 2] ?? 0) - (pads[axis] ?? 0);
  };
  return [{ dtype: x.dtype, shape: [dimensionAt(x, 0), dimensionAt(w, 1), along(2), along(3)] }];
};

const sameAsFirst: ShapeRule = (inputs) => {
  const { dtype, shape } = required(inputs, 0);
  return [{ dtype, shape }];
};

const resize: ShapeRule = (inputs) => {
  const x = required(inputs, 0);
  return [{ dtype: x.dtype, shape: constantIntegers(inputs, 3) }];
};

const reduce: ShapeRule = (inputs, attributes) => {
  const x = required(inputs, 0);
  const named = inputs[1] === undefined ? x.shape.map((_, i) => i) : constantIntegers(inputs, 1);
  const axes = new Set(named.map((axis) => normalAxis(axis, x.shape.length)));
  const keep = integerAttribute(attributes, 'keepdims', 1) === 1;
  const shape = x.shape.flatMap((d, i): Dimension[] => (axes.has(i) ? (keep ? [1] : []) : [d]));
  return [{ dtype: x.dtype, shape }];
};

const argMax: ShapeRule = (inputs, attributes) => {
  const x = required(inputs, 0);
  const axis = normalAxis(integerAttribute(attributes, 'axis', 0), x.shape.length);
  const keep = integerAttribute(attributes, 'keepdims', 1) === 1;
  return [
    { dtype: 'int64', shape: x.shape.flatMap((d, i): Dimension[] => (i === axis ? (keep ? [1] : []) : [d])) },
  ];
};

const multiHeadAttention: ShapeRule = (inputs) => {
  const query = required(inputs, 0);
  const value = required(inputs, 2);
  return [{ dtype: query.dtype, shape: [...query.shape.slice(0, -1), dimensionAt(value, -1)] }];
};

/** Operators with weights or sums in them; `com.microsoft` names are ONNX Runtime's own. */
export const neuralRules: Readonly<Record<string, ShapeRule>> = {
  MatMul: matMul,
  Gemm: gemm,
  'com.microsoft.MatMulNBits': matMulNBits,
  Conv: conv,
  ConvTranspose: convTranspose,
  Resize: resize,
  InstanceNormalization: sameAsFirst,
  GroupNormalization: sameAsFirst,
  LayerNormalization: sameAsFirst,
  ReduceMean: reduce,
  ReduceSum: reduce,
  ReduceMax: reduce,
  ArgMax: argMax,
  'com.microsoft.MultiHeadAttention': multiHeadAttention,
  'com.microsoft.QuickGelu': sameAsFirst,
};
