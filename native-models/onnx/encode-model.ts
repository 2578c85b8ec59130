import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { onnxDataType } from './element-type.ts';
import type { ExternalTensor } from './external-tensor.ts';
import {
  ModelProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation,
  ValueInfoProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema/onnx_pb.js';
import type { TensorType, Value } from './value.ts';

/** ONNX operator set that the builders write; ONNX Runtime 1.20 and later run it. */
const opsetVersion = 21n;
/** The IR version that belongs to it. */
const irVersion = 10n;

/** The parts of a graph, in the order its nodes run. */
export interface GraphParts {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly external: readonly ExternalTensor[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A model ready for the runtime. */
export interface BuiltModel {
  /** The serialised ModelProto: structure only, the weights stay in their files. */
  readonly modelBytes: Uint8Array;
  /** What each run is given, by name. */
  readonly inputs: ReadonlyMap<string, TensorType>;
  /** What each run gives, by name. */
  readonly outputs: ReadonlyMap<string, TensorType>;
  /**
   * The folder that the weights' paths are relative to: ONNX Runtime's session option
   * `session.model_external_initializers_file_folder_path`. Undefined where no weight lies in a file.
   */
  readonly externalDataFolder: string | undefined;
}

/** Serialises a graph as an ONNX ModelProto with its weights as external data. */
export function encodeModel(parts: GraphParts): BuiltModel {
  const folder = commonFolder(parts.external.map((tensor) => tensor.file));
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'impasto',
    opsetImport: [
      { domain: '', version: opsetVersion },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: {
      name: parts.name,
      node: [...parts.nodes],
      initializer: [
        ...parts.initializers,
        ...parts.external.map((tensor) => encodeExternal(tensor, folder ?? '')),
      ],
      input: parts.inputs.map(encodeValue),
      output: parts.outputs.map(encodeValue),
    },
  });
  return {
    modelBytes: toBinary(ModelProtoSchema, model),
    inputs: typesByName(parts.inputs),
    outputs: typesByName(parts.outputs),
    externalDataFolder: folder,
  };
}

function typesByName(values: readonly Value[]): Map<string, TensorType> {
  return new Map(values.map(({ name, dtype, shape }) => [name, { dtype, shape }]));
}

function encodeValue({ name, dtype, shape }: Value): ValueInfoProto {
  const dim = shape.map((d) =>
    typeof d === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(d) } }
      : { value: { case: 'dimParam' as const, value: d } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: onnxDataType(dtype), shape: { dim } } } },
  });
}

function encodeExternal(tensor: ExternalTensor, folder: string): TensorProto {
  return create(TensorProtoSchema, {
    name: tensor.name,
    dims: tensor.shape.map(BigInt),
    dataType: onnxDataType(tensor.dtype),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: path.relative(folder, tensor.file).replaceAll('\\', '/') },
      { key: 'offset', value: String(tensor.offset) },
      { key: 'length', value: String(tensor.length) },
    ],
  });
}

/** The deepest folder that holds all files; undefined without files. */
export function commonFolder(files: readonly string[]): string | undefined {
  let folder: string | undefined;
  for (const file of new Set(files)) {
    folder ??= path.dirname(file);
    while (path.relative(folder, file).startsWith('..')) {
      const parent = path.dirname(folder);
      if (parent === folder) throw new RangeError(`${file} and ${folder} have no folder in common`);
      folder = parent;
    }
  }
  return folder;
}
