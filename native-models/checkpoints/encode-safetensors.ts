/** A float32 tensor to be written. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A safetensors file of float32 tensors in the order given, as parts to be written one after another: the length of the header
 * (8 bytes, little-endian), the header, padded with spaces to a multiple of 8 as the reference does, and the tensors.
 */
export function encodeSafetensors(
  tensors: readonly FloatTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    if (shape.reduce((product, n) => product * n, 1) !== values.length)
      throw new RangeError(`${name} has ${values.length} values, not [${shape.join(', ')}]`);
    header[name] = { dtype: 'F32', shape, data_offsets: [end, (end += values.byteLength)] };
  }
  const text = JSON.stringify(header);
  const bytes = new TextEncoder().encode(
    text + ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  return [
    length,
    bytes,
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}
