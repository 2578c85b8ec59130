import { elementTypeOf } from '../element-type.ts';
import { integerAttribute } from '../attributes.ts';
import { broadcast, required, ShapeError, type ShapeRule } from './rule.ts';

const unary: ShapeRule = (inputs) => {
  const { dtype, shape } = required(inputs, 0);
  return [{ dtype, shape }];
};

const binary: ShapeRule = (inputs) => {
  const a = required(inputs, 0);
  const b = required(inputs, 1);
  if (a.dtype !== b.dtype) throw new ShapeError(`${a.dtype} and ${b.dtype} do not mix`);
  return [{ dtype: a.dtype, shape: broadcast(a.shape, b.shape) }];
};

const comparison: ShapeRule = (inputs) => {
  const [result] = binary(inputs, {});
  return [{ dtype: 'bool', shape: result?.shape ?? [] }];
};

const cast: ShapeRule = (inputs, attributes) => {
  const dtype = elementTypeOf(integerAttribute(attributes, 'to', 0));
  if (dtype === undefined) throw new ShapeError('Cast to an element type that is not used here');
  return [{ dtype, shape: required(inputs, 0).shape }];
};

const where: ShapeRule = (inputs) => {
  const a = required(inputs, 1);
  const shape = broadcast(required(inputs, 0).shape, broadcast(a.shape, required(inputs, 2).shape));
  return [{ dtype: a.dtype, shape }];
};

/** Operators that act on each element alone. */
export const elementwiseRules: Readonly<Record<string, ShapeRule>> = {
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Pow: binary,
  Max: binary,
  Min: binary,
  Equal: comparison,
  Less: comparison,
  Greater: comparison,
  And: comparison,
  Not: unary,
  Where: where,
  Cast: cast,
  Identity: unary,
  Neg: unary,
  Exp: unary,
  Log: unary,
  Sqrt: unary,
  Reciprocal: unary,
  Sin: unary,
  Cos: unary,
  Erf: unary,
  Tanh: unary,
  Sigmoid: unary,
  Relu: unary,
  Gelu: unary,
  Softmax: unary,
};
