import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { decodeModel } from '../../../native-models/onnx/decode-model.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { ModelProtoSchema, ValueInfoProtoSchema } from '../../../native-models/onnx/schema/onnx_pb.js';

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');

/** Types and shapes of every value as ONNX Runtime infers them, by making each an output of unstated type. */
async function runtimeShapes(model: BuiltModel): Promise<Map<string, string>> {
  const proto = fromBinary(ModelProtoSchema, model.modelBytes);
  const stated = new Set(proto.graph!.output.map((value) => value.name));
  for (const node of proto.graph!.node) {
    for (const name of node.output) {
      if (!stated.has(name)) proto.graph!.output.push(create(ValueInfoProtoSchema, { name }));
    }
  }
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, proto), {
    graphOptimizationLevel: 'disabled',
    extra: {
      session: {
        disable_prepacking: '1',
        model_external_initializers_file_folder_path: model.externalDataFolder,
      },
    },
  });
  const shapes = session.outputMetadata.map((value): [string, string] => [
    value.name,
    value.isTensor ? `${value.type} ${value.shape.join(' ')}` : 'no tensor',
  ]);
  await session.release();
  return new Map(shapes);
}

describe('inferred types and shapes against ONNX Runtime’s own', () => {
  it.each(['unet', 'unet in float16', 'vae', 'text'])('of every value of the %s', async (part) => {
    const { unet, vae, textEncoders } = await openCheckpoint(embedded);
    const odd = { batch: 2, height: 10, width: 14 };
    const model =
      part === 'vae'
        ? buildVaeEncoder(vae!, { ...odd, attention: 'plain' })
        : part === 'text'
          ? buildClipText(textEncoders[0]!, { batch: 3, embeddingInputs: true, adapters: 'all' })
          : buildUnet(unet, {
              ...odd,
              contextTokens: 32,
              control: true,
              adapters: 'all',
              adapterMasks: 'cells',
              attention: { maxScoreBytes: 20_000 },
              compute: part === 'unet' ? 'float32' : 'float16',
            });
    const theirs = await runtimeShapes(model);
    const { nodes } = decodeModel(model.modelBytes);
    const ours = nodes.flatMap((node) => node.outputs);
    expect(ours.length).toBeGreaterThan(50);
    const differing = ours
      .map((value) => [value.name, `${value.dtype} ${value.shape.join(' ')}`, theirs.get(value.name)])
      .filter(([, mine, other]) => mine !== other);
    expect(differing).toEqual([]);
  });
});
