import type { ElementType } from '../onnx/element-type.ts';

/** Bytes an element takes, by the dtype names of the safetensors format. */
const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;

/** A dtype name of the safetensors format. */
export type StoredDtype = keyof typeof bytesPerElement;

const elementTypes: Readonly<Partial<Record<StoredDtype, ElementType>>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

/** Whether the name is a dtype of the safetensors format. */
export function isStoredDtype(name: unknown): name is StoredDtype {
  return typeof name === 'string' && Object.hasOwn(bytesPerElement, name);
}

/** Bytes one element of the dtype takes. */
export function storedElementSize(dtype: StoredDtype): number {
  return bytesPerElement[dtype];
}

/** The graph's element type for a stored dtype; undefined where graphs have none (fp8, unsigned 32 and 64). */
export function storedElementType(dtype: StoredDtype): ElementType | undefined {
  return elementTypes[dtype];
}
