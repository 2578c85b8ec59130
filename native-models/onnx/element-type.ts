import { TensorProto_DataType as DataType } from './schema/onnx_pb.js';

/** Element types that a value of a graph may have, by ONNX's numbers for them. */
const onnxNumber = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  bfloat16: DataType.BFLOAT16,
  float64: DataType.DOUBLE,
  int64: DataType.INT64,
  int32: DataType.INT32,
  int16: DataType.INT16,
  int8: DataType.INT8,
  uint16: DataType.UINT16,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
} as const;

/** The element type of a tensor. */
export type ElementType = keyof typeof onnxNumber;

const bytes: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

const byOnnxNumber = new Map<number, ElementType>();
for (const type of Object.keys(bytes)) {
  if (type in onnxNumber) byOnnxNumber.set(onnxNumber[type as ElementType], type as ElementType);
}

/** ONNX's `TensorProto.DataType` number of an element type. */
export function onnxDataType(type: ElementType): number {
  return onnxNumber[type];
}

/** The element type that an ONNX `TensorProto.DataType` number stands for; undefined for one not used here. */
export function elementTypeOf(onnxType: number): ElementType | undefined {
  return byOnnxNumber.get(onnxType);
}

/** Bytes that one element takes in memory and in a file. */
export function elementSize(type: ElementType): number {
  return bytes[type];
}
