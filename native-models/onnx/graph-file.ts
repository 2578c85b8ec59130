import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelError } from '../errors.ts';
import { elementTypeOf } from './element-type.ts';
import { StringStringEntryProtoSchema, ValueInfoProtoSchema } from './schema/onnx_pb.js';
import type { TensorType } from './value.ts';
import { WireReader } from './wire-reader.ts';

/** A graph that another program wrote, as it lies in its file; nothing of its weights has been read. */
export interface GraphFile {
  /** Absolute path of the `.onnx` file, with symbolic links resolved. */
  readonly file: string;
  /** What a run is given, by name. A dimension that is a string is free at run time. */
  readonly inputs: ReadonlyMap<string, TensorType>;
  /** What a run gives, by name, in the graph's order; a shape that the file leaves out is empty. */
  readonly outputs: ReadonlyMap<string, TensorType>;
  /** The file and those that hold its weights (ONNX external data), links resolved. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Where each place that the graph names for its weights really is. */
  readonly places: ReadonlyMap<string, string>;
}

/** Numbers of the fields that are looked at (onnx.proto). */
const MODEL = { graph: 7 } as const;
const GRAPH = { initializer: 5, input: 11, output: 12 } as const;
const TENSOR = { name: 8, externalData: 13 } as const;

/** Largest description of an input, an output or a place in a file; real ones have a hundred bytes. */
const maxEntryBytes = 64 * 1024;

/**
 * Reads what goes into an ONNX graph and what comes out of it, and which files it needs, without reading its weights:
 * the protobuf wire format is walked and large fields are stepped over.
 *
 * @throws {ModelError} `file-missing`, `file-unreadable`, `file-truncated` or `header-invalid`, with what did not fit.
 */
export async function readGraphFile(filePath: string): Promise<GraphFile> {
  const handle = await openFile(filePath);
  try {
    const { size } = await handle.stat();
    const found = await walkModel(new WireReader(handle, size), filePath);
    const file = await realpath(filePath);
    const files = [{ path: file, bytes: size }];
    const places = new Map<string, string>();
    for (const [location, end] of found.places) {
      // Beside the link, not beside what it leads to: a download cache keeps every file elsewhere.
      const weights = await weightFile(path.resolve(filePath), location, end);
      files.push(weights);
      places.set(location, weights.path);
    }
    // Files of IR version 3 list weights among the inputs.
    const inputs = [...found.inputs].filter(([name]) => !found.initializers.has(name));
    return { file, inputs: new Map(inputs), outputs: found.outputs, files, places };
  } finally {
    await handle.close();
  }
}

interface Found {
  readonly inputs: Map<string, TensorType>;
  readonly outputs: Map<string, TensorType>;
  readonly initializers: Set<string>;
  /** The last byte that is needed of each file of weights, by its path beside the model. */
  readonly places: Map<string, number>;
}

async function walkModel(reader: WireReader, filePath: string): Promise<Found> {
  const found: Found = { inputs: new Map(), outputs: new Map(), initializers: new Set(), places: new Map() };
  let graphs = 0;
  try {
    for await (const field of reader.fields(0, reader.size)) {
      if (field.number !== MODEL.graph || field.wireType !== 2) continue;
      graphs += 1;
      await walkGraph(reader, field.begin, field.end, found);
    }
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw invalid(filePath, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (graphs !== 1 || found.inputs.size === 0 || found.outputs.size === 0) {
    throw invalid(filePath, 'it holds no graph with inputs and outputs');
  }
  return found;
}

async function walkGraph(reader: WireReader, begin: number, end: number, found: Found): Promise<void> {
  for await (const field of reader.fields(begin, end)) {
    if (field.wireType !== 2) continue;
    if (field.number === GRAPH.initializer) await walkTensor(reader, field.begin, field.end, found);
    else if (field.number === GRAPH.input || field.number === GRAPH.output) {
      const bytes = await reader.bytes(field.begin, field.end, maxEntryBytes);
      const { name, type } = valueInfo(bytes);
      (field.number === GRAPH.input ? found.inputs : found.outputs).set(name, type);
    }
  }
}

async function walkTensor(reader: WireReader, begin: number, end: number, found: Found): Promise<void> {
  const place = new Map<string, string>();
  for await (const field of reader.fields(begin, end)) {
    if (field.wireType !== 2) continue;
    if (field.number === TENSOR.name) {
      const name = await reader.bytes(field.begin, field.end, maxEntryBytes);
      found.initializers.add(new TextDecoder().decode(name));
    } else if (field.number === TENSOR.externalData) {
      const bytes = await reader.bytes(field.begin, field.end, maxEntryBytes);
      const { key, value } = fromBinary(StringStringEntryProtoSchema, bytes);
      place.set(key, value);
    }
  }
  const location = place.get('location');
  if (location === undefined) return;
  const last = Number(place.get('offset') ?? 0) + Number(place.get('length') ?? 0);
  if (!Number.isSafeInteger(last) || last < 0) throw new RangeError(`its weights end at byte ${last}`);
  found.places.set(location, Math.max(found.places.get(location) ?? 0, last));
}

function valueInfo(bytes: Uint8Array): { name: string; type: TensorType } {
  const info = fromBinary(ValueInfoProtoSchema, bytes);
  const tensor = info.type?.value;
  if (tensor?.case !== 'tensorType') throw new TypeError(`"${info.name}" is no tensor`);
  const dtype = elementTypeOf(tensor.value.elemType);
  if (dtype === undefined) throw new TypeError(`"${info.name}" has element type ${tensor.value.elemType}`);
  const shape = (tensor.value.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : (value.value ?? '?'),
  );
  return { name: info.name, type: { dtype, shape } };
}

/** The runtime refuses what leaves the model's folder; so does this, and says so before anything is loaded. */
async function weightFile(
  model: string,
  location: string,
  end: number,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const folder = path.dirname(model);
  const beside = path.resolve(folder, location);
  const relative = path.relative(folder, beside);
  if (path.isAbsolute(location) || relative === '' || relative.startsWith('..')) {
    throw new ModelError(
      'header-invalid',
      `${path.basename(model)} keeps its weights outside of its folder, in ${location.slice(0, 200)}.`,
      'Do not use this file.',
    );
  }
  const found = await stat(beside).catch(() => undefined);
  if (found === undefined) {
    throw new ModelError(
      'file-missing',
      `${path.basename(model)} keeps its weights in ${relative}, which is not beside it.`,
      'Download the whole model folder again.',
    );
  }
  if (found.size < end) {
    throw new ModelError(
      'file-truncated',
      `${relative} has ${found.size} bytes where ${path.basename(model)} needs ${end}.`,
      'Download the file again.',
    );
  }
  return { path: await realpath(beside), bytes: found.size };
}

async function openFile(filePath: string): Promise<FileHandle> {
  try {
    return await open(filePath, 'r');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ModelError(
      missing ? 'file-missing' : 'file-unreadable',
      missing ? `There is no file ${filePath}.` : `${filePath} cannot be read.`,
      missing ? 'Download the whole model folder again.' : 'Check its permissions.',
      { cause },
    );
  }
}

function invalid(filePath: string, what: string, cause?: unknown): ModelError {
  const where = path.join(path.basename(path.dirname(filePath)), path.basename(filePath));
  return new ModelError('header-invalid', `${where} is no ONNX graph: ${what}.`, 'Download the file again.', {
    cause,
  });
}
