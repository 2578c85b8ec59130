import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { allFinite } from '../adapters/tensor.ts';
import type { LinearForm } from '../architectures/build-options.ts';
import { readSafetensorsHeader } from '../checkpoints/safetensors.ts';
import { tensorRef, type TensorRef, type Weights } from '../checkpoints/weights.ts';
import { ModelError } from '../errors.ts';
import { type LayerError, layerError } from './layer-error.ts';
import { type LinearLayer, readMatrix } from './linear-layers.ts';
import { quantisedForm } from './quantised-form.ts';
import { isWhole, markUsed, trimCache } from './quantised-cache.ts';
import { type FilePlan, planFile, quantisedPaths } from './quantised-file.ts';
import { type QuantisationReport, readReport, replaceFile, writeReport } from './report.ts';
import { fromInt4, fromInt8, type QuantScheme, toInt4, toInt8 } from './scheme.ts';

/** What is to be stored in fewer bits, and where. */
export interface QuantiseRequest {
  readonly weights: Weights;
  readonly scheme: QuantScheme;
  /** Identity of the checkpoint: the hash of its content. */
  readonly source: string;
  /** The network, such as `unet`. */
  readonly component: string;
  /** Folder of the cache; made when it is missing. On Windows it lies on the drive of the checkpoint. */
  readonly folder: string;
  /** Bytes that the cache may hold; networks that were not used for longest make room. Without it nothing goes. */
  readonly budget?: number;
  /** Told after each layer. */
  readonly onLayer?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** A network's linear layers in fewer bits, ready for a graph. */
export interface QuantisedLinears {
  /** For `BuildOptions.linear`. */
  readonly form: LinearForm;
  readonly report: QuantisationReport;
  /** The report's file. */
  readonly reportFile: string;
  /** Bytes on disk, which is also what the runtime maps. */
  readonly bytes: number;
}

/**
 * Stores a network's linear layers in fewer bits on first use, and opens them from the cache after that, where their
 * checksum is compared once in a process. The user's files are only read.
 *
 * @throws {ModelError} when the weights cannot be read or the folder lies on another drive; the signal's reason; the
 * file system's error when the cache cannot be written. Nothing is left behind then.
 */
export async function quantiseLinears(request: QuantiseRequest): Promise<QuantisedLinears> {
  const { weights, scheme, source, component } = request;
  await mkdir(request.folder, { recursive: true });
  const folder = await realpath(request.folder);
  const plan = planFile(weights, scheme);
  refuseOtherDrive(folder, plan.layers[0]?.tensor.file);
  const paths = quantisedPaths(folder, source, component, scheme);
  let report = await readReport(paths.report);
  let tensors = report && (await openStored(paths.weights, plan, report.checksum));
  if (tensors === undefined || report === undefined) {
    await trimCache(folder, request.budget, paths.weights, plan.bytes);
    report = await store(request, plan, paths);
    tensors = await openStored(paths.weights, plan, report.checksum);
  }
  await markUsed(paths.weights);
  if (tensors === undefined) throw new Error(`${paths.weights} is not what was just written`);
  const form = quantisedForm(scheme, tensors, new Set(report.left));
  return { form, report, reportFile: paths.report, bytes: plan.bytes };
}

async function store(
  { scheme, source, component, onLayer, signal }: QuantiseRequest,
  plan: FilePlan,
  paths: { readonly weights: string; readonly report: string },
): Promise<QuantisationReport> {
  const layers: Record<string, LayerError> = {};
  const left: string[] = [];
  let sum = 0;
  let report: QuantisationReport | undefined;
  await replaceFile(paths.weights, async (writeBytes) => {
    const write = async (bytes: Uint8Array): Promise<void> => {
      sum = crc32(bytes, sum);
      await writeBytes(bytes);
    };
    await write(plan.head);
    for (const [i, layer] of plan.layers.entries()) {
      signal?.throwIfAborted();
      const matrix = await readMatrix(layer);
      const fits = allFinite(matrix);
      const { values, scales, error } = quantiseLayer(scheme, fits ? matrix : matrix.fill(0), layer);
      if (fits) layers[layer.name] = error;
      else left.push(layer.name);
      await write(bytesOf(values));
      await write(bytesOf(scales));
      onLayer?.(i + 1, plan.layers.length);
    }
    report = { scheme, source, component, layers, left, checksum: sum.toString(16), overall: null };
    // Before the weights have their name, so that there are no weights without a report.
    await writeReport(paths.report, report);
  });
  if (report === undefined) throw new Error('nothing was written');
  return report;
}

function quantiseLayer(
  scheme: QuantScheme,
  matrix: Float32Array,
  { outFeatures, inFeatures }: LinearLayer,
): { values: Int8Array | Uint8Array; scales: Float32Array; error: LayerError } {
  const size = [outFeatures, inFeatures] as const;
  if (scheme === 'int8') {
    const stored = toInt8(matrix, ...size);
    return { ...stored, error: layerError(matrix, fromInt8(stored, ...size), ...size) };
  }
  const stored = toInt4(matrix, ...size);
  return { ...stored, error: layerError(matrix, fromInt4(stored, ...size), ...size) };
}

/** The stored tensors by name; undefined where there is no file, or another than plan and checksum say. */
async function openStored(
  file: string,
  plan: FilePlan,
  checksum: string,
): Promise<ReadonlyMap<string, TensorRef> | undefined> {
  try {
    const header = await readSafetensorsHeader(file);
    if (header.fileBytes !== plan.bytes || !(await isWhole(file, checksum))) return undefined;
    const tensors = new Map<string, TensorRef>();
    for (const { name, shape } of plan.tensors) {
      const stored = header.tensors.get(name);
      if (stored === undefined || stored.shape.join() !== shape.join()) return undefined;
      // Names of a graph's initializers are unique, and the user's file may have one of this name.
      tensors.set(name, { ...tensorRef(name, header, stored), name: `${plan.scheme}:${name}` });
    }
    return tensors;
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Int8Array | Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function refuseOtherDrive(folder: string, file: string | undefined): void {
  if (file === undefined || path.parse(folder).root === path.parse(file).root) return;
  throw new ModelError(
    'file-unreadable',
    `The cache ${folder} lies on another drive than ${file}, and the runtime reads weights from one drive.`,
    'Move the model or the cache, or use the model as it is.',
  );
}
