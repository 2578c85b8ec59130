import type { AdapterSource } from '../../../../native-models/adapters/adapter-source.ts';
import type { AdapterTarget } from '../../../../native-models/adapters/adapter-target.ts';
import { elementCount } from '../../../../native-models/adapters/tensor.ts';

/** Repeatable numbers in [-1, 1). */
export function numbers(count: number, seed = 1): Float32Array {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

export interface MemoryTensor {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

export function f32(shape: number[], values: Float32Array = numbers(elementCount(shape))): MemoryTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.slice().buffer) };
}

/** A file of tensors that was never written. */
export function memorySource(
  tensors: Record<string, MemoryTensor>,
  metadata: Record<string, string> = {},
): AdapterSource {
  const map = new Map(Object.entries(tensors));
  return {
    metadata: new Map(Object.entries(metadata)),
    tensors: map,
    read: (name) => Promise.resolve(map.get(name)!.bytes),
  };
}

/** A model of which a single UNet layer is known. */
export function oneLayer(shape: readonly number[], name = 'layer'): AdapterTarget {
  const [out = 1, inner = 1, height = 1, width = 1] = shape;
  return {
    family: 'SD 1.x',
    sites: {
      unet: [
        {
          name,
          kind: shape.length === 4 ? 'conv' : 'linear',
          inFeatures: inner,
          outFeatures: out,
          kernel: [height, width],
        },
      ],
    },
  };
}
