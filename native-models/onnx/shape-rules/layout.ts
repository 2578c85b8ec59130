import { integerAttribute, integersAttribute } from '../attributes.ts';
import { elementCount, formatShape, type Dimension } from '../value.ts';
import {
  constantIntegers,
  dimensionAt,
  fixed,
  normalAxis,
  required,
  ShapeError,
  type ShapeRule,
} from './rule.ts';

const reshape: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const wanted = constantIntegers(inputs, 1);
  const shape = wanted.map<Dimension>((n, axis) => (n === 0 ? dimensionAt(data, axis) : n));
  const free = shape.indexOf(-1);
  const total = elementCount(data.shape);
  if (free >= 0) {
    shape[free] = 1;
    shape[free] = total / elementCount(shape);
  }
  if (elementCount(shape) !== total || shape.some((d) => typeof d === 'number' && !Number.isInteger(d))) {
    throw new ShapeError(`${formatShape(data.shape)} cannot be seen as ${formatShape(wanted)}`);
  }
  return [{ dtype: data.dtype, shape }];
};

const transpose: ShapeRule = (inputs, attributes) => {
  const data = required(inputs, 0);
  const backwards = data.shape.map((_, i) => data.shape.length - 1 - i);
  const order = integersAttribute(attributes, 'perm', backwards);
  if (order.length !== data.shape.length)
    throw new ShapeError(`perm ${order.length} for ${formatShape(data.shape)}`);
  return [{ dtype: data.dtype, shape: order.map((axis) => dimensionAt(data, axis)) }];
};

const concat: ShapeRule = (inputs, attributes) => {
  const first = required(inputs, 0);
  const axis = normalAxis(integerAttribute(attributes, 'axis', 0), first.shape.length);
  let length = 0;
  for (let i = 0; i < inputs.length; i++) {
    const value = required(inputs, i);
    const fits = value.shape.length === first.shape.length && value.dtype === first.dtype;
    if (!fits || value.shape.some((d, k) => k !== axis && d !== first.shape[k])) {
      throw new ShapeError(
        `${formatShape(value.shape)} does not join ${formatShape(first.shape)} on axis ${axis}`,
      );
    }
    length += fixed(value.shape[axis]);
  }
  return [{ dtype: first.dtype, shape: first.shape.map((d, k) => (k === axis ? length : d)) }];
};

const slice: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const starts = constantIntegers(inputs, 1);
  const ends = constantIntegers(inputs, 2);
  const axes = inputs[3] === undefined ? starts.map((_, i) => i) : constantIntegers(inputs, 3);
  const steps = inputs[4] === undefined ? starts.map(() => 1) : constantIntegers(inputs, 4);
  const shape = [...data.shape];
  axes.forEach((axis, i) => {
    const at = normalAxis(axis, shape.length);
    const size = fixed(shape[at]);
    const clamp = (n: number): number => Math.min(Math.max(n < 0 ? n + size : n, 0), size);
    const step = steps[i] ?? 1;
    if (step <= 0) throw new ShapeError('Slice backwards is not used here');
    shape[at] = Math.max(0, Math.ceil((clamp(ends[i] ?? size) - clamp(starts[i] ?? 0)) / step));
  });
  return [{ dtype: data.dtype, shape }];
};

const split: ShapeRule = (inputs, attributes) => {
  const data = required(inputs, 0);
  const axis = normalAxis(integerAttribute(attributes, 'axis', 0), data.shape.length);
  const size = fixed(data.shape[axis]);
  const parts = integerAttribute(attributes, 'num_outputs', 1);
  const lengths =
    inputs[1] === undefined ? Array<number>(parts).fill(size / parts) : constantIntegers(inputs, 1);
  if (lengths.some((n) => !Number.isInteger(n)) || lengths.reduce((a, b) => a + b, 0) !== size) {
    throw new ShapeError(`${size} does not split into ${lengths.join(' + ')}`);
  }
  return lengths.map((n) => ({ dtype: data.dtype, shape: data.shape.map((d, k) => (k === axis ? n : d)) }));
};

const unsqueeze: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const axes = constantIntegers(inputs, 1);
  const rank = data.shape.length + axes.length;
  const added = new Set(axes.map((axis) => normalAxis(axis, rank)));
  const rest = [...data.shape];
  const shape = Array.from({ length: rank }, (_, i): Dimension => (added.has(i) ? 1 : (rest.shift() ?? 1)));
  return [{ dtype: data.dtype, shape }];
};

const squeeze: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const axes = new Set(constantIntegers(inputs, 1).map((axis) => normalAxis(axis, data.shape.length)));
  return [{ dtype: data.dtype, shape: data.shape.filter((_, i) => !axes.has(i)) }];
};

const expand: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const wanted = constantIntegers(inputs, 1);
  const shape = wanted.map((n, i) => {
    const have = data.shape[i - wanted.length + data.shape.length] ?? 1;
    return n === 1 ? have : n;
  });
  return [{ dtype: data.dtype, shape }];
};

const pad: ShapeRule = (inputs) => {
  const data = required(inputs, 0);
  const pads = constantIntegers(inputs, 1);
  const rank = data.shape.length;
  if (pads.length !== 2 * rank) throw new ShapeError(`${pads.length} pads for rank ${rank}`);
  const shape = data.shape.map((d, i) => fixed(d) + (pads[i] ?? 0) + (pads[i + rank] ?? 0));
  return [{ dtype: data.dtype, shape }];
};

const gather: ShapeRule = (inputs, attributes) => {
  const data = required(inputs, 0);
  const indices = required(inputs, 1);
  const axis = normalAxis(integerAttribute(attributes, 'axis', 0), data.shape.length);
  return [
    {
      dtype: data.dtype,
      shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)],
    },
  ];
};

/** Operators that move elements and compute nothing. */
export const layoutRules: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: expand,
  Pad: pad,
  Gather: gather,
};
