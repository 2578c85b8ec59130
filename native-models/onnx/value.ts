import { elementSize, type ElementType } from './element-type.ts';

/** A length known when the graph is built, or the name of one known only at run time (an adapter's rank). */
export type Dimension = number | string;

/** What is known of a tensor before it is computed. */
export interface TensorType {
  readonly dtype: ElementType;
  readonly shape: readonly Dimension[];
}

/** A tensor of a graph: the output of a node, an input, or an initializer. */
export interface Value extends TensorType {
  readonly name: string;
  /** The elements of a small integer constant, which shapes of later values may depend on. */
  readonly integers?: readonly number[];
}

/**
 * The shape as plain numbers.
 * @throws {RangeError} when a dimension is known only at run time.
 */
export function staticShape(value: Pick<Value, 'shape'> & { readonly name?: string }): readonly number[] {
  return value.shape.map((dimension) => {
    if (typeof dimension === 'string') {
      throw new RangeError(`${value.name ?? 'value'} has the run-time dimension ${dimension}`);
    }
    return dimension;
  });
}

/** How many elements a tensor of these dimensions holds; a run-time dimension counts as `symbolic` (default 1). */
export function elementCount(shape: readonly Dimension[], symbolic = 1): number {
  return shape.reduce<number>((count, d) => count * (typeof d === 'number' ? d : symbolic), 1);
}

/** Bytes that a tensor of this type takes; a run-time dimension counts as `symbolic` (default 1). */
export function byteLength(type: TensorType, symbolic = 1): number {
  return elementCount(type.shape, symbolic) * elementSize(type.dtype);
}

/** A shape for messages, such as `[2, 77, 768]`. */
export function formatShape(shape: readonly Dimension[]): string {
  return `[${shape.join(', ')}]`;
}
