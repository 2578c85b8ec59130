import { decodeValues } from '../../native-models/adapters/tensor.ts';
import {
  readSafetensorsHeader,
  readTensorBytes,
  type SafetensorsHeader,
} from '../../native-models/checkpoints/safetensors.ts';
import { ModelError } from '../../native-models/errors.ts';

/** A tensor as a network is fed it or as it comes out. */
export interface Vector {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** The tensors of a file of vectors, read when asked for. */
export interface Vectors {
  readonly has: (name: string) => boolean;
  /** Floats of any width as F32, I64 and I32 as 64-bit integers. @throws ModelError `tensor-missing`, `dtype-unsupported` */
  readonly get: (name: string) => Promise<Vector>;
  /** @throws ModelError as `get`, and when it holds integers */
  readonly floats: (name: string) => Promise<Float32Array>;
  readonly metadata: SafetensorsHeader['metadata'];
}

const FLOATS: ReadonlySet<string> = new Set(['F32', 'F64', 'F16', 'BF16']);

/** @throws ModelError when the file is no safetensors file. */
export async function openVectors(path: string): Promise<Vectors> {
  const header = await readSafetensorsHeader(path);
  const get = async (name: string): Promise<Vector> => {
    const tensor = header.tensors.get(name);
    if (tensor === undefined) {
      throw new ModelError(
        'tensor-missing',
        `There is no vector ${name}.`,
        'Copy the reference folder again.',
      );
    }
    const bytes = await readTensorBytes(header.file, tensor);
    const { buffer } = bytes;
    const { dtype, shape } = tensor;
    if (FLOATS.has(dtype)) return { shape, data: decodeValues(name, dtype, bytes) };
    if (dtype === 'I64') return { shape, data: new BigInt64Array(buffer) };
    if (dtype === 'I32') return { shape, data: BigInt64Array.from(new Int32Array(buffer), BigInt) };
    throw new ModelError(
      'dtype-unsupported',
      `The vector ${name} is ${dtype}.`,
      'Vectors are F32, F64, F16, BF16, I64 or I32.',
    );
  };
  return {
    metadata: header.metadata,
    has: (name) => header.tensors.has(name),
    get,
    async floats(name) {
      const { data } = await get(name);
      return data instanceof Float32Array ? data : Float32Array.from(data, Number);
    },
  };
}
