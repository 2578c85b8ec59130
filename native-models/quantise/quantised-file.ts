import { createHash } from 'node:crypto';
import path from 'node:path';
import type { StoredDtype } from '../checkpoints/stored-dtype.ts';
import { storedElementSize } from '../checkpoints/stored-dtype.ts';
import type { Weights } from '../checkpoints/weights.ts';
import { type LinearLayer, linearLayers } from './linear-layers.ts';
import { blockSize, type QuantScheme } from './scheme.ts';

/** Raised when the same weights come to be stored differently: older files are then made again. */
const formatVersion = 2;

/** A tensor that a file of fewer bits holds. */
interface PlannedTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly begin: number;
  readonly length: number;
}

/** A file of fewer bits before it is written: a safetensors file of known size. */
export interface FilePlan {
  readonly scheme: QuantScheme;
  readonly layers: readonly LinearLayer[];
  readonly tensors: readonly PlannedTensor[];
  /** The length prefix and the header. */
  readonly head: Uint8Array;
  readonly bytes: number;
}

/** What a layer's tensors are called in the file. */
export function quantisedNames(layer: string): { readonly values: string; readonly scales: string } {
  return { values: `${layer}.weight`, scales: `${layer}.scale` };
}

/** Lays out the file for a network's linear layers: each layer's values, then its scales. */
export function planFile(weights: Weights, scheme: QuantScheme): FilePlan {
  const layers = linearLayers(weights);
  const tensors: PlannedTensor[] = [];
  let end = 0;
  const place = (name: string, dtype: StoredDtype, shape: readonly number[]): void => {
    const length = shape.reduce((product, n) => product * n, 1) * storedElementSize(dtype);
    tensors.push({ name, dtype, shape, begin: end, length });
    end += length;
  };
  for (const { name, inFeatures, outFeatures } of layers) {
    const names = quantisedNames(name);
    const blocks = Math.ceil(inFeatures / blockSize);
    if (scheme === 'int8') place(names.values, 'I8', [inFeatures, outFeatures]);
    else place(names.values, 'U8', [outFeatures, blocks, blockSize / 2]);
    place(names.scales, 'F32', [scheme === 'int8' ? outFeatures : outFeatures * blocks]);
  }
  const head = encodeHeader(tensors, { scheme, formatVersion: String(formatVersion) });
  return { scheme, layers, tensors, head, bytes: head.length + end };
}

/** The header of a safetensors file, filled up with spaces so that data begin at a multiple of 64 bytes. */
function encodeHeader(tensors: readonly PlannedTensor[], metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, dtype, shape, begin, length } of tensors) {
    header[name] = { dtype, shape, data_offsets: [begin, begin + length] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(Math.ceil((8 + text.length) / 64) * 64).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(text, 8);
  return head;
}

/** Where the weights of fewer bits and the report of their error lie for one network of one checkpoint. */
export function quantisedPaths(
  folder: string,
  source: string,
  component: string,
  scheme: QuantScheme,
): { readonly weights: string; readonly report: string } {
  const key = createHash('sha256').update(JSON.stringify([formatVersion, source, component, scheme]));
  const stem = path.join(folder, `${key.digest('hex').slice(0, 40)}-${scheme}`);
  return { weights: `${stem}.safetensors`, report: `${stem}.json` };
}

/** Bytes that the linear layers of a network will take on disk, before anything is written. */
export function quantisedBytes(weights: Weights, scheme: QuantScheme): number {
  return planFile(weights, scheme).bytes;
}
