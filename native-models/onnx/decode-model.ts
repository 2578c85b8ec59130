import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto } from './schema/onnx_pb.js';

/**
 * Parses a serialised ONNX model. Its raw data are views of `bytes`, not copies.
 * @throws {Error} when the bytes are not a ModelProto.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return fromBinary(ModelProtoSchema, bytes);
}
