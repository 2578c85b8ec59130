import { ModelError } from '../errors.ts';
import type { ExternalTensor } from '../onnx/external-tensor.ts';
import { elementSize } from '../onnx/element-type.ts';
import { formatShape } from '../onnx/value.ts';
import type { SafetensorsHeader, StoredTensor } from './safetensors.ts';
import { storedElementType } from './stored-dtype.ts';

/** A component's tensor, by its diffusers name, where it lies in the user's file. */
export interface TensorRef extends ExternalTensor {
  /** True where the file holds the transpose of what diffusers calls by this name; `shape` is the file's. */
  readonly transposed: boolean;
}

/** The tensors of one component (a UNet, a VAE …) by diffusers name, wherever and however they are stored. */
export class Weights {
  readonly #component: string;
  readonly #tensors: ReadonlyMap<string, TensorRef>;

  /** `component` names the part in messages, such as `unet`. */
  constructor(component: string, tensors: ReadonlyMap<string, TensorRef>) {
    this.#component = component;
    this.#tensors = tensors;
  }

  get size(): number {
    return this.#tensors.size;
  }

  /** The tensor of that name, if there is one. */
  find(name: string): TensorRef | undefined {
    return this.#tensors.get(name);
  }

  /**
   * The tensor of that name, seen with `shape`; one of as many elements in another shape is reinterpreted
   * (a 1×1 convolution is a matrix).
   * @throws {ModelError} `tensor-missing` or `shape-mismatch`.
   */
  get(name: string, shape: readonly number[]): TensorRef {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) {
      throw new ModelError(
        'tensor-missing',
        `The ${this.#component} has no tensor ${name}.`,
        'The file is incomplete or of another kind than its settings say: get it again from its author.',
      );
    }
    const wanted = tensor.transposed ? shape.toReversed() : shape;
    if (trimmed(wanted) !== trimmed(tensor.shape)) {
      throw new ModelError(
        'shape-mismatch',
        `The ${this.#component}'s ${name} is ${formatShape(tensor.shape)} where ${formatShape(wanted)} is needed.`,
        'The file does not match its settings: get it again from its author.',
      );
    }
    return { ...tensor, shape: wanted };
  }

  /** All names with their tensors. */
  entries(): IterableIterator<[string, TensorRef]> {
    return this.#tensors.entries();
  }
}

/** Dimensions without those of length 1, which change nothing about the order of elements. */
function trimmed(shape: readonly number[]): string {
  return shape.filter((n) => n !== 1).join('x');
}

/**
 * A stored tensor as a reference for graphs.
 * @throws {ModelError} `dtype-unsupported` for types that graphs do not take, such as fp8.
 */
export function tensorRef(name: string, header: SafetensorsHeader, tensor: StoredTensor): TensorRef {
  const dtype = storedElementType(tensor.dtype);
  if (dtype === undefined) {
    throw new ModelError(
      'dtype-unsupported',
      `${name} is stored as ${tensor.dtype}, which cannot be run yet.`,
      'Use an fp16, bf16 or fp32 version of the model.',
    );
  }
  const { offset, length, shape } = tensor;
  return { name, file: header.file, offset, length, dtype, shape, transposed: false };
}

/** Rows `begin` to `end` (axis 0) of a tensor, under another name. Row-major order makes them one byte range. */
export function sliceRows(tensor: TensorRef, name: string, begin: number, end: number): TensorRef {
  const [, ...rest] = tensor.shape;
  const rowBytes = rest.reduce((product, n) => product * n, 1) * elementSize(tensor.dtype);
  return {
    ...tensor,
    name,
    offset: tensor.offset + begin * rowBytes,
    length: (end - begin) * rowBytes,
    shape: [end - begin, ...rest],
  };
}
