import type { ElementType } from '../../../native-models/onnx/element-type.ts';
import { ort } from './onnxruntime.ts';

type HalfArray = new (values: ArrayLike<number> | ArrayBuffer) => ArrayLike<number> & { buffer: ArrayBuffer };

function halfArray(): HalfArray {
  const found = Reflect.get(globalThis, 'Float16Array') as HalfArray | undefined;
  if (found === undefined) throw new Error('float16 inputs need Node 24 or later');
  return found;
}

type Values = Float32Array | BigInt64Array;

const makers: Partial<Record<ElementType, (data: Values, shape: readonly number[]) => ort.Tensor>> = {
  float32: (data, shape) => new ort.Tensor('float32', toSingle(data), shape),
  float16: (data, shape) =>
    new ort.Tensor('float16', new Uint16Array(new (halfArray())(toSingle(data)).buffer), shape),
  float64: (data, shape) => new ort.Tensor('float64', Float64Array.from(toSingle(data)), shape),
  int64: (data, shape) => new ort.Tensor('int64', toIntegers(data), shape),
  int32: (data, shape) => new ort.Tensor('int32', Int32Array.from(toIntegers(data), Number), shape),
};

/**
 * Values as a tensor of the type that a graph asks for. Integers are rounded: a time step between two of the training's
 * has no other form there.
 */
export function toTensor(data: Values, dtype: ElementType, shape: readonly number[]): ort.Tensor {
  const make = makers[dtype];
  if (make === undefined) throw new TypeError(`inputs of type ${dtype} are not given`);
  return make(data, shape);
}

function toSingle(data: Values): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data, Number);
}

function toIntegers(data: Values): BigInt64Array {
  if (data instanceof BigInt64Array) return data;
  const integers = new BigInt64Array(data.length);
  for (const [i, value] of data.entries()) integers[i] = BigInt(Math.round(value));
  return integers;
}

/** A tensor's values as float32. */
export function toFloats(tensor: ort.Tensor): Float32Array {
  const { data, type } = tensor;
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) {
    return Float32Array.from(new (halfArray())(data.slice().buffer));
  }
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
