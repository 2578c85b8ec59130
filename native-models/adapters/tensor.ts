import { ModelError } from '../errors.ts';

/** A tensor in memory, row-major float32. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Elements of a tensor of that shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

let halves: Float32Array | null = null;

/** The value of every float16 bit pattern, in order. */
function halfValues(): Float32Array {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const exponent = (word >> 10) & 0x1f;
    const fraction = word & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
  return halves;
}

function fromHalves(bytes: Uint8Array): Float32Array {
  const table = halfValues();
  const words = new Uint16Array(bytes.slice().buffer);
  const out = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 1) out[i] = table[words[i] ?? 0] ?? 0;
  return out;
}

function fromBrainHalves(bytes: Uint8Array): Float32Array {
  const words = new Uint16Array(bytes.slice().buffer);
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i += 1) bits[i] = (words[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** Eight bits as the upper half of a float16: sign, five of exponent, two of fraction (arXiv:2209.05433, E5M2). */
function fromWideBytes(bytes: Uint8Array): Float32Array {
  const table = halfValues();
  return Float32Array.from(bytes, (byte) => table[byte << 8] ?? 0);
}

/** Sign, four bits of exponent, three of fraction; no infinities, and all ones are no number (arXiv:2209.05433, E4M3). */
function fromFineBytes(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (byte) => {
    const sign = byte & 0x80 ? -1 : 1;
    const [exponent, fraction] = [(byte >> 3) & 0xf, byte & 7];
    if ((byte & 0x7f) === 0x7f) return Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10));
  });
}

/**
 * Values of a stored tensor as float32.
 *
 * @param name of the tensor, for the message.
 * @param dtype as safetensors spells it: F64, F32, F16, BF16, F8_E5M2, F8_E4M3, or I64, I32, U8, BOOL for counts and flags.
 * @param bytes little-endian, as many as the dtype and the shape take.
 * @throws ModelError `dtype-unsupported` for other types.
 */
export function decodeValues(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes.slice().buffer);
    case 'F16':
      return fromHalves(bytes);
    case 'BF16':
      return fromBrainHalves(bytes);
    case 'F8_E5M2':
      return fromWideBytes(bytes);
    case 'F8_E4M3':
      return fromFineBytes(bytes);
    case 'F64':
      return Float32Array.from(new Float64Array(bytes.slice().buffer));
    case 'I64':
      return Float32Array.from(new BigInt64Array(bytes.slice().buffer), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(bytes.slice().buffer));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes);
    default:
      throw new ModelError(
        'dtype-unsupported',
        `The adapter stores ${name} as ${dtype}, which is not read.`,
        'Use an fp32, fp16 or bf16 version of the file.',
      );
  }
}

/**
 * The matrix product of `a` [rows, inner] and `b` [inner, columns], summed in float64.
 *
 * @param a flat, row-major; `b` likewise.
 */
export function multiply(
  a: Float32Array,
  b: Float32Array,
  rows: number,
  inner: number,
  columns: number,
): Float32Array {
  const out = new Float32Array(rows * columns);
  const row = new Float64Array(columns);
  for (let r = 0; r < rows; r += 1) {
    row.fill(0);
    for (let k = 0; k < inner; k += 1) {
      const factor = a[r * inner + k] ?? 0;
      const start = k * columns;
      for (let c = 0; c < columns; c += 1) row[c] = (row[c] ?? 0) + factor * (b[start + c] ?? 0);
    }
    out.set(row, r * columns);
  }
  return out;
}

/** The transpose [columns, rows] of a matrix [rows, columns]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) out[c * rows + r] = values[r * columns + c] ?? 0;
  }
  return out;
}

/** `values` times `factor`, in a new array. */
export function scaled(values: Float32Array, factor: number): Float32Array {
  const out = new Float32Array(values.length);
  // A loop is ten times as fast as `map` here, and adapters have millions of values.
  for (let i = 0; i < values.length; i += 1) out[i] = factor * (values[i] ?? 0);
  return out;
}

/** Whether no value is infinite or NaN. */
export function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return false;
  return true;
}
