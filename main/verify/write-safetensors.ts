import { open } from 'node:fs/promises';

/** A float16 tensor to be written. */
export interface HalfTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its bits; called when its turn comes, so that a large file needs no large memory. */
  readonly bits: () => Uint16Array;
}

/** Writes a safetensors file of float16 tensors in the order given. */
export async function writeSafetensors(path: string, tensors: readonly HalfTensor[]): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const { name, shape } of tensors) {
    const begin = end;
    end += 2 * shape.reduce((product, n) => product * n, 1);
    header[name] = { dtype: 'F16', shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(text.byteLength)]);
  const file = await open(path, 'w');
  try {
    await file.write(new Uint8Array(length.buffer));
    await file.write(text);
    for (const tensor of tensors) {
      const bits = tensor.bits();
      await file.write(new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength));
    }
  } finally {
    await file.close();
  }
}
