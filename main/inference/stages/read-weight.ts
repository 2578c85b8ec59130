import { open } from 'node:fs/promises';
import { decodeValues } from '../../../native-models/adapters/tensor.ts';
import type { TensorRef, Weights } from '../../../native-models/checkpoints/weights.ts';
import type { ElementType } from '../../../native-models/onnx/element-type.ts';

const STORED: Partial<Record<ElementType, string>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
};

/** A layer's weight as float32 in diffusers' order, read from the user's file. */
export async function readWeight(
  weights: Weights,
  site: string,
  shape: readonly number[],
): Promise<Float32Array> {
  const tensor = weights.get(`${site}.weight`, shape);
  const values = decodeValues(tensor.name, STORED[tensor.dtype] ?? tensor.dtype, await readBytes(tensor));
  return tensor.transposed ? transposed(values, shape) : values;
}

async function readBytes({ file, offset, length }: TensorRef): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, offset);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** From the file's `[in, out]` to `[out, in]`. */
function transposed(values: Float32Array, [out = 1, inner = 1]: readonly number[]): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % inner) * out + Math.floor(i / inner)] ?? 0);
}
