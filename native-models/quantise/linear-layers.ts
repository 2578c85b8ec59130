import { open } from 'node:fs/promises';
import { decodeValues } from '../adapters/tensor.ts';
import type { TensorRef, Weights } from '../checkpoints/weights.ts';
import { ModelError } from '../errors.ts';
import type { ElementType } from '../onnx/element-type.ts';

/** A linear layer whose weight can be stored in fewer bits. */
export interface LinearLayer {
  /** The diffusers name of the module. */
  readonly name: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Its weight as the user's file has it. */
  readonly tensor: TensorRef;
}

/**
 * The linear layers of a network's transformers. Those that take the time step are left as they are: they run on one
 * row, so that nothing is gained, and what they get wrong reaches every cell.
 */
export function linearLayers(weights: Weights): LinearLayer[] {
  const layers: LinearLayer[] = [];
  for (const [key, tensor] of weights.entries()) {
    if (!key.endsWith('.weight') || tensor.shape.length !== 2) continue;
    if (/embed|time_emb/.test(key)) continue;
    const [outFeatures = 0, inFeatures = 0] = tensor.transposed ? tensor.shape.toReversed() : tensor.shape;
    if (outFeatures === 0 || inFeatures === 0) continue;
    layers.push({ name: key.slice(0, -'.weight'.length), inFeatures, outFeatures, tensor });
  }
  return layers;
}

const storedNames: Partial<Record<ElementType, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
};

/**
 * A layer's weight, row-major `[outFeatures, inFeatures]`.
 * @throws {ModelError} `file-truncated` when the file has become shorter, `dtype-unsupported`.
 */
export async function readMatrix(layer: LinearLayer): Promise<Float32Array> {
  const { tensor, inFeatures, outFeatures } = layer;
  const bytes = new Uint8Array(tensor.length);
  const file = await open(tensor.file, 'r');
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, tensor.offset + done);
      if (bytesRead === 0) {
        throw new ModelError(
          'file-truncated',
          `${tensor.file} has become shorter while it was read.`,
          'Copy or download the file again.',
        );
      }
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  const values = decodeValues(tensor.name, storedNames[tensor.dtype] ?? tensor.dtype, bytes);
  if (!tensor.transposed) return values;
  const matrix = new Float32Array(values.length);
  for (let i = 0; i < inFeatures; i++) {
    for (let o = 0; o < outFeatures; o++) matrix[o * inFeatures + i] = values[i * outFeatures + o] ?? 0;
  }
  return matrix;
}
