import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { exportActivations } from '../../../main/inference/exports/export-memory.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readGraphFile } from '../../../native-models/onnx/graph-file.ts';
import { ModelProtoSchema } from '../../../native-models/onnx/schema/onnx_pb.js';
import { writeOnnxFolder } from '../../fixtures/onnx-folder.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
const script = fileURLToPath(new URL('../../fixtures/measure-run.ts', import.meta.url));
const folder = scratchFolder();
const float = 1;
const int64 = 7;

it('is predicted of an exported decoder as it is used', async () => {
  const target = path.join(folder, 'exported');
  writeOnnxFolder(await openCheckpoint(embedded), target, 640, {
    timestep: { dtype: 'int64', shape: [] },
    values: 'float32',
    ids: 'int64',
    encoder: 'latent_parameters',
    dynamic: false,
    weights: 'external',
    batch: 2,
    settings: true,
  });
  const decoder = (await openCheckpoint(target)).vae?.graphs?.vae_decoder;
  if (decoder === undefined) throw new Error('the export has no decoder');
  const activations = (await exportActivations(decoder, {})) ?? 0;
  const weights = decoder.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const printed = execFileSync(process.execPath, [script, decoder.file, path.dirname(decoder.file)], {
    encoding: 'utf8',
  });
  const { risen } = JSON.parse(printed) as { risen: number };
  expect(risen).toBeGreaterThan((activations + weights) * 0.8);
  // What threads and allocator keep for themselves does not grow with the model.
  expect(risen).toBeLessThan((activations + weights) * 1.2 + 96 * 2 ** 20);
}, 300_000);

/** Rows of a map as tokens that look at each other, its shape computed in the graph as exporters write it. */
function writeDynamicGraph(file: string): void {
  const dims = (names: readonly (string | number)[]) => ({
    dim: names.map((name) => ({
      value:
        typeof name === 'string'
          ? { case: 'dimParam' as const, value: name }
          : { case: 'dimValue' as const, value: BigInt(name) },
    })),
  });
  const value = (name: string, shape: readonly (string | number)[]) => ({
    name,
    type: { value: { case: 'tensorType' as const, value: { elemType: float, shape: dims(shape) } } },
  });
  const integers = (name: string, all: readonly number[]) => ({
    name,
    dims: [BigInt(all.length)],
    dataType: int64,
    rawData: new Uint8Array(BigInt64Array.from(all, BigInt).buffer),
  });
  const node = (opType: string, input: string[], output: string) => ({
    name: output,
    opType,
    input,
    output: [output],
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'dynamic',
      input: [value('sample', ['batch', 8, 'height', 'width'])],
      output: [value('mixed', ['batch', 8, 'cells'])],
      initializer: [
        integers('batchAxis', [0]),
        integers('channels', [8]),
        integers('rest', [-1]),
        {
          name: 'weight',
          dims: [8n, 8n, 64n, 64n],
          dataType: float,
          rawData: new Uint8Array(8 * 8 * 4096 * 4),
        },
      ],
      node: [
        node('Shape', ['sample'], 'shape'),
        node('Gather', ['shape', 'batchAxis'], 'batchOf'),
        {
          ...node('Concat', ['batchOf', 'channels', 'rest'], 'wanted'),
          attribute: [{ name: 'axis', i: 0n, type: 2 }],
        },
        node('Reshape', ['sample', 'wanted'], 'tokens'),
        {
          ...node('Transpose', ['tokens'], 'turned'),
          attribute: [{ name: 'perm', ints: [0n, 2n, 1n], type: 7 }],
        },
        node('MatMul', ['turned', 'tokens'], 'scores'),
        node('Softmax', ['scores'], 'shares'),
        node('MatMul', ['tokens', 'shares'], 'mixed'),
        node('ReduceMean', ['weight'], 'unused'),
      ],
    },
  });
  writeFileSync(file, toBinary(ModelProtoSchema, model));
}

it('grows as attention does in a graph whose shapes are computed as it runs, weights inside not read', async () => {
  const file = path.join(folder, 'dynamic.onnx');
  writeDynamicGraph(file);
  const graph = await readGraphFile(file);
  const at = async (side: number): Promise<number> =>
    (await exportActivations(graph, { sample: [2, 8, side, side] })) ?? 0;
  const scores = (side: number): number => 2 * side ** 4 * 4;
  for (const side of [16, 32]) {
    expect(await at(side)).toBeGreaterThan(scores(side));
    expect(await at(side)).toBeLessThan(scores(side) * 1.3);
  }
});

it('is not told of a file that is no graph', async () => {
  const file = path.join(folder, 'dynamic.onnx');
  writeDynamicGraph(file);
  const graph = await readGraphFile(file);
  writeFileSync(file, 'no graph any more');
  expect(await exportActivations(graph, { sample: [1, 8, 8, 8] })).toBeUndefined();
});
