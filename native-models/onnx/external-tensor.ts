import type { ElementType } from './element-type.ts';

/**
 * Weights that lie in a file of the user's and are read from there by the runtime (ONNX external data):
 * `length` bytes from `offset` hold a tensor of `shape` in row-major order, at any alignment.
 */
export interface ExternalTensor {
  /** The name of the initializer, unique in a graph. */
  readonly name: string;
  /** Absolute path of the file, with symbolic links resolved (the runtime refuses those that leave its folder). */
  readonly file: string;
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}
