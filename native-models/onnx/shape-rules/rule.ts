import type { Attributes } from '../attributes.ts';
import { formatShape, type Dimension, type TensorType, type Value } from '../value.ts';

/** What a node's inputs are known to be; an optional input that is left out is undefined. */
export type RuleInputs = readonly (Value | undefined)[];

/** From a node's inputs and attributes to the types of its outputs, as the operator's specification says. */
export type ShapeRule = (inputs: RuleInputs, attributes: Attributes) => readonly TensorType[];

/** Inputs, or shapes, that the operator does not take: a mistake in a graph builder. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The input at `index`, which the operator requires. */
export function required(inputs: RuleInputs, index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new ShapeError(`input ${index} is missing`);
  return value;
}

/** The elements of an input that must be an integer constant. */
export function constantIntegers(inputs: RuleInputs, index: number): readonly number[] {
  const value = required(inputs, index);
  if (value.integers === undefined) throw new ShapeError(`${value.name} is not an integer constant`);
  return value.integers;
}

/** The dimension at `axis`, which may count from the end. */
export function dimensionAt(value: TensorType, axis: number): Dimension {
  const dimension = value.shape[normalAxis(axis, value.shape.length)];
  if (dimension === undefined) throw new ShapeError(`no axis ${axis} in ${formatShape(value.shape)}`);
  return dimension;
}

/** An axis counted from the start. */
export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal < 0 || normal >= rank) throw new ShapeError(`axis ${axis} is outside rank ${rank}`);
  return normal;
}

/** The dimension as a number. */
export function fixed(dimension: Dimension | undefined): number {
  if (typeof dimension !== 'number')
    throw new ShapeError(`dimension ${dimension ?? '(none)'} must be a number`);
  return dimension;
}

/** Multidirectional broadcasting (ONNX Broadcasting.md). */
export function broadcast(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  const shape: Dimension[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(`${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    shape.push(x === 1 ? y : x);
  }
  return shape;
}
